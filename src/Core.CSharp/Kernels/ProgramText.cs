using System.Globalization;
using System.Text;

namespace Implicit.Kernels;

/// <summary>Programs as text, slots first, then one kernel a line, for debugging.</summary>
internal static class ProgramText
{
    public static string Of(Program program)
    {
        var text = new StringBuilder();
        for (int i = 0; i < program.Slots.Count; i++)
        {
            Slot slot = program.Slots[i];
            text.Append($"s{i} = {slot.Kind} {slot.Position} : {slot.DType.Name} × {slot.Length}\n");
        }
        foreach (Kernel kernel in program.Kernels)
            text.Append($"{Of(kernel)}\n");
        return text.Append($"arena {program.ArenaBytes} bytes").ToString();
    }

    public static string Of(Kernel kernel)
    {
        string detail = kernel switch
        {
            Map map => $" {map.Domain}: {Of(map.Body)}",
            Reduce reduce => $" {reduce.Reduction} {reduce.Domain} keeps {reduce.Kept}: {Of(reduce.Body)}",
            Gather gather => $" {gather.Domain}",
            ScatterAdd scatter => $" {scatter.Domain}",
            Accumulate accumulate => $" {accumulate.Domain}",
            MatMul product => $" {product.Batch} {product.M}×{product.K}×{product.N}{Of(product.Epilogue)}",
            Factorise factorise => $" {factorise.Kind} {factorise.Batch} × {factorise.M}×{factorise.N}",
            Random random => $" {random.Distribution} {random.Streams}×{random.Count}",
            Host host => $" {host.Function}",
            _ => "",
        };
        string reads = string.Join(", ", kernel.Reads.Select(Of));
        string writes = string.Join(", ", kernel.Writes.Select(Of));
        return $"{writes} ← {kernel.GetType().Name}{detail} of {reads}";
    }

    public static string Of(Scalar body) =>
        body switch
        {
            Scalar.Input input => $"x{input.Position}",
            Scalar.Constant constant => constant.Value.ToString(CultureInfo.InvariantCulture),
            Scalar.Index index => $"i{index.Axis}",
            Scalar.Unary unary => $"{unary.Intrinsic}({Of(unary.A)})",
            Scalar.Binary binary => $"{binary.Intrinsic}({Of(binary.A)}, {Of(binary.B)})",
            Scalar.Select select => $"({Of(select.Condition)} ? {Of(select.Then)} : {Of(select.Otherwise)})",
            Scalar.Cast cast => $"{cast.To.Name}({Of(cast.A)})",
            _ => body.GetType().Name,
        };

    private static string Of(Map? epilogue) =>
        epilogue is null ? "" : $", then {Of(epilogue.Body)} of {string.Join(", ", epilogue.Inputs.Select(Of))},";

    private static string Of(Operand operand) => $"s{operand.Slot}[{operand.Map.Offset}; {operand.Map.Strides}]";
}

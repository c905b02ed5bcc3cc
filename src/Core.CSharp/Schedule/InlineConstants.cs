using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Moves the numbers that belong to a program into the bodies that read them, where they fold.</summary>
internal static class InlineConstants
{
    public static Program Run(Program program)
    {
        int bound = program.BoundLiterals;
        var numbers = new Dictionary<int, Scalar.Constant>();
        for (int slot = 0; slot < program.Slots.Count; slot++)
            if (program.Slots[slot] is { Kind: SlotKind.Literal } literal && literal.Position >= bound)
                numbers[slot] = new Scalar.Constant(program.Constants[literal.Position - bound], literal.DType);
        var kernels = new Kernel[program.Kernels.Count];
        for (int i = 0; i < kernels.Length; i++)
            kernels[i] = program.Kernels[i] switch
            {
                Map map => With(map.Body, map.Inputs, numbers) switch
                {
                    var (body, inputs) => map with { Body = body, Inputs = inputs },
                },
                Reduce reduce => With(reduce.Body, reduce.Inputs, numbers) switch
                {
                    var (body, inputs) => reduce with { Body = body, Inputs = inputs },
                },
                Kernel other => other,
            };
        return program with { Kernels = new ValueArray<Kernel>(kernels) };
    }

    /// <summary>The body with the numbers in it, over the operands that are left.</summary>
    private static (Scalar Body, ValueArray<Operand> Inputs) With(
        Scalar body,
        ValueArray<Operand> inputs,
        Dictionary<int, Scalar.Constant> numbers
    )
    {
        var left = new List<Operand>();
        var replacements = new Func<DType, Scalar>[inputs.Count];
        for (int i = 0; i < replacements.Length; i++)
            if (numbers.TryGetValue(inputs[i].Slot, out Scalar.Constant? number))
                replacements[i] = _ => number;
            else
            {
                int position = left.Count;
                left.Add(inputs[i]);
                replacements[i] = dtype => new Scalar.Input(position, dtype);
            }
        return left.Count == inputs.Count
            ? (body, inputs)
            : (ScalarBody.Replace(body, input => replacements[input.Position](input.DType)), [.. left]);
    }
}

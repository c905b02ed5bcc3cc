using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Each operation computes what a plain loop computes.</summary>
public sealed class ValueLaws
{
    public static TheoryData<string> Names => OpCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_is_the_reference_in_float64(string op) => Check(OpCases.All[op], DType.Float64, 1e-13);

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_is_the_reference_in_float32(string op) => Check(OpCases.All[op], DType.Float32, 2e-6);

    private static void Check(OpCase op, DType dtype, double tolerance)
    {
        double[][] elements = op.Draw();
        Tensor result = op.Apply(op.Tensors(elements, dtype));
        Assert.Equal(op.Result, result.Shape);
        if (result.DType is DType.Float64 or DType.Float32)
            Assert.Equal(op.Movable.Length > 0 ? dtype : result.DType, result.DType);
        Close.Elementwise(op.Reference(elements), result.ToArray(), op.Condition * tolerance);
    }
}

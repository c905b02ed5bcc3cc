using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>Random inputs of a kernel, each in a layout of its own.</summary>
internal sealed class Sample
{
    private readonly double[][] values;
    private readonly Operand[] operands;

    /// <summary>Each in one of the given layouts, or of all.</summary>
    public Sample(
        System.Random random,
        ProgramBuilder builder,
        DType floating,
        Shape domain,
        int count,
        params int[] kinds
    )
    {
        values = new double[count][];
        operands = new Operand[count];
        for (int i = 0; i < count; i++)
        {
            DType dtype = Bodies.InputType(floating, i);
            (IndexMap map, int length) = Layout.Of(
                kinds.Length > 0 ? kinds[random.Next(kinds.Length)] : random.Next(Layout.Kinds),
                domain
            );
            values[i] = [.. Enumerable.Range(0, length).Select(_ => Number(random, dtype))];
            operands[i] = new Operand(builder.Input(dtype, values[i]), map);
        }
    }

    public ValueArray<Operand> Operands => [.. operands];

    public double Evaluate(Scalar body, int[] point) =>
        ScalarEvaluator.Evaluate(body, i => values[i][Layout.Element(operands[i].Map, point)], point);

    private static double Number(System.Random random, DType dtype) =>
        dtype switch
        {
            DType.Int64 => random.Next(-5, 6),
            DType.Bool => random.Next(2),
            _ => random.Next(-64, 65) / 64.0,
        };
}

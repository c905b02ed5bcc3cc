using Implicit.Graph;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>An operation that says it is a polynomial of degree d has no differences of order d + 1.</summary>
public sealed class DegreeLaws
{
    public static TheoryData<string> Names => OpCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Differences_of_one_order_more_vanish(string name)
    {
        OpCase op = OpCases.All[name];
        for (int input = 0; input < op.Inputs.Length; input++)
            if (op.Inputs[input].IsDifferentiable)
                Check(op, input);
    }

    [Fact]
    public void Movement_sums_and_products_say_what_they_are()
    {
        int known = OpCases.All.Values.Count(op =>
            op.Inputs.Length > 0 && op.Inputs[0].IsDifferentiable && Degree(op, 0) is 1
        );
        Assert.True(known >= 60, $"{known} cases are of degree 1 in their first input.");
    }

    private static void Check(OpCase op, int input)
    {
        if (Degree(op, input) is not { } degree)
            return;
        double[][] elements = op.Draw();
        double[] direction = op.Draw(seed: 1)[input];
        double[] total = new double[op.Result.Length];
        double scale = 1.0;
        double weight = 1.0;
        for (int k = 0; k <= degree + 1; k++)
        {
            double[][] moved = [.. elements];
            moved[input] = [.. elements[input].Select((x, i) => x + (k * 0.01 * direction[i]))];
            double[] values = op.Apply(op.Tensors(moved, DType.Float64)).ToArray();
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += weight * values[i];
                scale = Math.Max(scale, Math.Abs(values[i]));
            }
            weight *= -(degree + 1.0 - k) / (k + 1.0);
        }
        Close.Elementwise(new double[total.Length], total, op.Condition * scale * 1e-12);
    }

    private static int? Degree(OpCase op, int input)
    {
        Tensor[] inputs = op.Tensors(op.Draw(), DType.Float64);
        var function = Function.Trace("degree", Tensor.Types(inputs), all => [op.Apply(all)], out _);
        int[] degrees = new int[function.Arguments.Length];
        degrees[input] = 1;
        return Degrees.Highest(function, degrees);
    }
}

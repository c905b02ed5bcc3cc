using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Testing;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;
using Random = System.Random;

namespace Implicit.Tests.Schedule;

/// <summary>Fused programs compute what unfused ones do, with fewer kernels.</summary>
public sealed class FusionTests
{
    private static readonly IReadOnlyList<Func<Program, Program>> Unfused =
    [
        Simplify.Run,
        DeadKernels.Run,
        PlanMemory.Run,
    ];

    [Fact]
    public void A_chain_with_broadcasts_and_a_trailing_reduction_is_one_kernel() =>
        Assert.Equal(1, Kernels(x => Tensor.Sum(Tensor.Tanh((x[0] * x[1][0]) + 1.0) * x[0], 1), [3, 4], [2]));

    [Fact]
    public void A_dear_result_that_is_read_twice_is_computed_once()
    {
        static Tensor TwoReaders(Tensor[] x)
        {
            Tensor dear = Tensor.Exp(x[0]);
            return Tensor.MatMul(dear * 2.0, dear + 1.0);
        }
        Assert.Equal(4, Kernels(TwoReaders, [3, 3]));
    }

    [Fact]
    public void A_dear_result_is_not_repeated_along_a_broadcast() =>
        Assert.Equal(2, Kernels(x => x[0] + Tensor.Exp(x[1]), [50, 4], [4]));

    [Fact]
    public void Stacked_results_are_computed_in_their_place() =>
        Assert.Equal(2, Kernels(x => Tensor.Stack([x[0] * 2.0, Tensor.Sin(x[0])], 0), [5]));

    [Property(MaxTest = 300)]
    public void Fused_and_unfused_agree(int seed)
    {
        var random = new Random(seed);
        TensorType[] types = [.. RandomShapes(random).Select(shape => new TensorType(DType.Float64, shape))];
        Function function = Function.TraceClosed("test", types, x => [RandomGraph(random, x)]);
        Buffer[] inputs = Array.ConvertAll(types, type => RandomBuffer(random, type));
        double[] fused = Run(Plan.For(function.Structure), inputs);
        double[] plain = Run(Plan.For(function.Structure, Unfused), inputs);
        Assert.Equal(plain.Length, fused.Length);
        // Multiply-adds contract inside a body: a rounding each, over at most a few dozen operations on numbers of size 1.
        for (int i = 0; i < plain.Length; i++)
            Assert.True(
                Math.Abs(plain[i] - fused[i]) <= 1e-12 * (1.0 + Math.Abs(plain[i])),
                $"{plain[i]} and {fused[i]}"
            );
    }

    private static int Kernels(Func<Tensor[], Tensor> f, params Shape[] shapes)
    {
        TensorType[] types = Array.ConvertAll(shapes, shape => new TensorType(DType.Float64, shape));
        return Plan.For(Function.TraceClosed("test", types, x => [f(x)]).Structure).Program.Kernels.Count;
    }

    private static double[] Run(Plan plan, Buffer[] inputs)
    {
        Buffer?[] outputs = [Device.Cpu.Backend.Allocate(DType.Float64, plan.Outputs[0].Shape.Length)];
        Device.Cpu.Backend.Prepare(plan.Program).Run(inputs, [], outputs);
        return outputs[0]!.Read<double>().ToArray();
    }

    private static Shape[] RandomShapes(Random random)
    {
        int rows = random.Next(1, 5);
        int columns = random.Next(1, 5);
        return
        [
            [rows, columns],
            [columns],
            [rows, 1],
            [],
            [rows, columns],
        ];
    }

    private static Buffer RandomBuffer(Random random, TensorType type)
    {
        Buffer buffer = Device.Cpu.Backend.Allocate(type.DType, type.Shape.Length);
        buffer.Write<double>([.. Enumerable.Range(0, buffer.Length).Select(_ => (2.0 * random.NextDouble()) - 1.0)]);
        return buffer;
    }

    /// <summary>A graph of elementwise work, views and reductions in which results are used several times.</summary>
    private static Tensor RandomGraph(Random random, Tensor[] inputs)
    {
        Shape full = inputs[0].Shape;
        var known = new List<Tensor>(inputs);
        for (int step = 0; step < 12; step++)
        {
            Tensor a = known[random.Next(known.Count)];
            Tensor b = known[random.Next(known.Count)];
            known.Add(Combined(random.Next(12), a, b, full));
        }
        return Tensor.Expand(known[^1], full) + Tensor.Expand(known[^2], full);
    }

    private static Tensor Combined(int kind, Tensor a, Tensor b, Shape full)
    {
        Tensor whole = Tensor.Expand(a, full);
        return kind switch
        {
            0 => a + b,
            1 => a * b,
            2 => a - b,
            3 => Tensor.Tanh(a),
            4 => Tensor.Sin(a) * b,
            5 => Tensor.Permute(Tensor.Permute(whole, 1, 0) * 0.5, 1, 0),
            6 => whole[..1] + b,
            7 => Tensor.Reshape(Tensor.Sum(whole, 1) * 0.25, [full[0], 1]),
            8 => Tensor.Reshape(Tensor.Reshape(Tensor.Cos(whole), [full.Length]) * 0.5, full),
            9 => Tensor.MatMul(whole, Tensor.Expand(b, full).T)[.., ..1] + a,
            10 => Tensor.Tanh(Tensor.MatMul(whole * 0.1, Tensor.MatMul(whole.T, Tensor.Expand(b, full))) + b),
            _ => Tensor.Concat([whole[^1..], Tensor.Tanh(whole)[..^1]], 0),
        };
    }
}

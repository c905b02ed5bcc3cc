using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Convex.Programs;

/// <summary>A program whose every part captures something: derivatives by all of it, batches, other combinators.</summary>
public sealed class ProgramDerivativeTests
{
    private static readonly double[][] At =
    [
        [0.5, -0.3, 0.8, 0.2, -0.6, 0.4, 0.1, 0.9, -0.2, 0.7, 0.3, -0.5, 0.6, 0.1, -0.4, 0.8], // C [4, 4]
        [1.0, -0.5, 0.3, 0.8], // d
        [0.2, -0.1, 0.4, 0.1], // k
        [0.7], // b
        [0.9, -0.4, 0.5, 0.3], // m
        [0.2], // h
        [0.6], // low
    ];

    [Fact]
    public void Reverse_mode_is_the_difference_quotient()
    {
        double[][] expected = Differences.Gradient(x => (double)Loss(Tensors(x)), At);
        Tensor[] found = Grad(Loss, Tensors(At));
        for (int i = 0; i < expected.Length; i++)
            Close.Elementwise(expected[i], found[i].ToArray(), 1e-7);
        Assert.All(found, part => Assert.Contains(part.ToArray(), element => Math.Abs(element) > 1e-3));
    }

    [Fact]
    public void Forward_mode_is_reverse_mode()
    {
        Tensor[] v = Directions(1);
        Tensor[] gradient = Grad(Loss, Tensors(At));
        double expected = (double)Probe.Inner(gradient, v);
        Close.Elementwise([expected], Jvp(Loss, Tensors(At), v).Tangent.ToArray(), 1e-9);
    }

    [Fact]
    public void Second_order_is_the_difference_quotient_of_the_gradient()
    {
        Tensor[] v = Directions(2);
        double[][] direction = Array.ConvertAll(v, part => part.ToArray());
        double[] expected = Differences.Along(x => Probe.Flat(Grad(Loss, Tensors(x))), At, direction);
        Close.Normwise(expected, Probe.Flat(Hvp(Loss, Tensors(At), v)), 1e-6);
        Tensor[] reverse = Grad((Tensor[] x) => Probe.Inner(Grad(Loss, x), v), Tensors(At));
        Close.Normwise(expected, Probe.Flat(reverse), 1e-6);
    }

    [Fact]
    public void A_batch_is_its_items_to_the_bit()
    {
        Tensor[] items = [.. Enumerable.Range(0, 5).Select(i => Tensor.Of(At[1]) + (0.1 * i))];
        Tensor batch = Vmap(d => Minimiser(With(d)), Stack(items));
        Tensor gradients = Vmap(d => Grad(at => Sum(Minimiser(With(at))), d), Stack(items));
        for (int i = 0; i < items.Length; i++)
        {
            Assert.Equal(Minimiser(With(items[i])).ToArray(), batch[i].ToArray());
            Assert.Equal(Grad(at => Sum(Minimiser(With(at))), items[i]).ToArray(), gradients[i].ToArray());
        }
    }

    [Fact]
    public void A_loop_of_programs_is_differentiated()
    {
        Tensor Run(Tensor d) =>
            Scan(
                (Tensor x, Tensor shift) =>
                {
                    Tensor next = Minimiser(With(d + (0.3 * Sum(x)) + shift));
                    return (next, Sumsq(next));
                },
                Zeros([4]),
                Tensor.Of(0.0, 0.1, -0.1)
            ).Outputs;
        double[] expected = Differences.Gradient(x => (double)Sum(Run(Tensor.Of(x[0]))), [At[1]])[0];
        Close.Elementwise(expected, Grad(d => Sum(Run(d)), Tensor.Of(At[1])).ToArray(), 1e-7);
    }

    private static Tensor[] With(Tensor d)
    {
        Tensor[] all = Tensors(At);
        all[1] = d;
        return all;
    }

    private static Tensor Loss(Tensor[] p)
    {
        Tensor x = Minimiser(p);
        return Sumsq(x * Tensor.Of(1.0, -2.0, 0.5, 1.5)) + x[0];
    }

    private static Tensor Minimiser(Tensor[] p) =>
        Argmin(
            ConvexProgram
                .Minimise((Tensor x) => 0.5 * Sumsq(MatMul(Reshape(p[0], [4, 4]), x) - p[1]))
                .SubjectTo(x =>
                    [
                        Equal(Sum((1.0 + p[2]) * x), p[3]),
                        Sum(p[4] * x) <= p[5],
                        x >= p[6] - Tensor.Of(0.0, 4.0, 4.0, 4.0),
                    ]
                ),
            Zeros([4])
        );

    private static Tensor[] Tensors(double[][] x) =>
        [.. x.Select(part => part.Length == 1 ? Scalar(part[0]) : Tensor.Of(part))];

    private static Tensor[] Directions(int seed)
    {
        var random = new Random(seed);
        return Tensors(Array.ConvertAll(At, part => Array.ConvertAll(part, _ => random.NextDouble() - 0.5)));
    }
}

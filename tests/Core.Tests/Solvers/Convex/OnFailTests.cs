using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>An infeasible program of a batch takes nothing from the others, whose matrices it shares.</summary>
public sealed class OnFailTests
{
    private static readonly QpOptions Lenient = new() { OnFail = OnFail.Nan };

    /// <summary>−h₁ ≤ x₀ ≤ h₀ and x₁ ≤ h₂; the second item has h₀ &lt; −h₁.</summary>
    private static readonly Tensor Limits = Matrix([0.5, 1.0, 0.25], [-1.0, -1.0, 1.0], [2.0, 0.25, 0.5]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_NaN_and_the_others_are_what_they_are_alone(bool isLarge)
    {
        QuadraticProgram batch = Batch(isLarge);
        Tensor x = Argmin.Qp(batch, Lenient);
        Assert.All(x[1].ToArray(), element => Assert.True(double.IsNaN(element)));
        foreach (int item in (int[])[0, 2])
            Assert.Equal(Argmin.Qp(batch with { H = batch.H![item] }).ToArray(), x[item].ToArray());
        Assert.Throws<SolveException>(() => Argmin.Qp(batch));
    }

    /// <summary>By every datum that items share, and by the right sides, in both modes and to second order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_that_leaves_it_out_has_the_derivatives_of_the_others(bool isLarge)
    {
        QuadraticProgram batch = Batch(isLarge);
        QuadraticProgram sound = batch with { H = batch.H![..1] };
        QuadraticProgram other = batch with { H = batch.H![2..] };
        Tensor[] data = [batch.P!, batch.Q, batch.G!];
        Tensor[] expected = Slopes(sound, data).Zip(Slopes(other, data), (a, b) => a + b).ToArray();
        Tensor[] actual = Slopes(batch, data);
        Tensor[] curvature = Curvatures(batch, data);
        Tensor[] ofOthers = Curvatures(sound, data).Zip(Curvatures(other, data), (a, b) => a + b).ToArray();
        for (int i = 0; i < data.Length; i++)
        {
            Close.Elementwise(expected[i].ToArray(), actual[i].ToArray(), 1e-12);
            Close.Elementwise(ofOthers[i].ToArray(), curvature[i].ToArray(), 1e-10);
        }
        Tensor[] along = Array.ConvertAll(data, Tensor.OnesLike);
        double forward = Differentiation.Jvp((Tensor[] x) => Loss(batch, x), data, along).Tangent.ToArray()[0];
        Close.Elementwise([expected.Sum(slope => Tensor.Sum(slope).ToArray()[0])], [forward], 1e-10);
        Tensor byLimits = Differentiation.Grad((Tensor h) => Loss(batch with { H = h }, data), batch.H!);
        Assert.All(byLimits[1].ToArray(), slope => Assert.Equal(0.0, slope));
        Assert.Contains(byLimits[0].ToArray(), slope => slope != 0.0);
    }

    /// <summary>The same through the language of programs, under vmap.</summary>
    [Fact]
    public void A_program_under_vmap_has_it_too()
    {
        Tensor Nearest(Tensor limit) =>
            ConvexProgram
                .Minimise((Tensor x) => Tensor.Sumsq(x - 3.0))
                .SubjectTo(x => [x <= limit, x >= 1.0])
                .Argmin(Tensor.Zeros([2]), Lenient);
        Tensor limits = Tensor.Of(2.0, 0.5);
        Close.Elementwise([2.0, 2.0, double.NaN, double.NaN], Vectorisation.Vmap(Nearest, limits).ToArray(), 1e-8);
        Tensor slope = Differentiation.Grad((Tensor l) => Kept(Vectorisation.Vmap(Nearest, l)), limits);
        Close.Elementwise([2.0, 0.0], slope.ToArray(), 1e-8);
    }

    private static QuadraticProgram Batch(bool isLarge)
    {
        // Large programs are solved one after the other, with factors of their own.
        int n = isLarge ? 80 : 3;
        Tensor g = Tensor.Pad(Matrix([1, 0], [-1, 0], [0, 1]), [0, 0], [0, n - 2]);
        return new QuadraticProgram(Tensor.Full([n], -10.0))
        {
            P = Tensor.Eye(n) + (0.1 * Tensor.Ones([n, n])),
            G = g,
            H = Limits,
        };
    }

    private static Tensor[] Slopes(QuadraticProgram batch, Tensor[] data) =>
        Differentiation.Grad((Tensor[] x) => Loss(batch, x), data);

    private static Tensor[] Curvatures(QuadraticProgram batch, Tensor[] data) =>
        Differentiation.Grad(
            (Tensor[] x) => Tensor.Total([.. Slopes(batch, x).Select(slope => Tensor.Sum(slope))]),
            data
        );

    private static Tensor Loss(QuadraticProgram batch, Tensor[] data)
    {
        Tensor x = Argmin.Qp(batch with { P = data[0], Q = data[1], G = data[2] }, Lenient);
        return Kept(x * x);
    }

    private static Tensor Kept(Tensor x) => Tensor.Sum(Tensor.Where(Tensor.IsFinite(x), x, Tensor.ZerosLike(x)));
}

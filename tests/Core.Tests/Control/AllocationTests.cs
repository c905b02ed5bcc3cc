using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

/// <summary>A warm step of a loop allocates nothing: long loops allocate what short ones do.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void More_steps_of_a_scan_allocate_nothing_more() =>
        AssertFlat(steps => Total(Tensor.Scalar(0.5), steps).ToDouble());

    /// <summary>Of each state that is kept there are its step and its place, in a list made as long as it will be.</summary>
    [Fact]
    public void More_steps_of_the_backward_walk_allocate_the_list_of_what_is_kept_only() =>
        AssertFlat(
            steps => Differentiation.Grad((Tensor w) => Total(w, steps), Tensor.Scalar(0.5)).ToDouble(),
            listed: 2 * sizeof(int)
        );

    [Fact]
    public void More_steps_of_a_while_allocate_nothing_more() =>
        AssertFlat(steps =>
            Loops.While((Tensor i) => i < Tensor.Scalar(steps), i => i + 1.0, Tensor.Scalar(0.0)).ToDouble()
        );

    private static Tensor Total(Tensor w, int steps) =>
        Loops.Scan((Tensor c, Tensor[] _) => (Tensor.Sin(c * w), c), Tensor.Ones([4]), [], steps) switch
        {
            var (carry, outputs) => Tensor.Sum(carry) + Tensor.Sum(outputs),
        };

    private static void AssertFlat(Func<int, double> run, int listed = 0) =>
        Bytes.AssertFlat(() => run(100), () => run(2100), 2000 * listed);
}

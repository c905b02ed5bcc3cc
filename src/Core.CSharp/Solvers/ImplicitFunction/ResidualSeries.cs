using Implicit.Control;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Solvers;

/// <summary>
/// The first terms of a series for the x with J·x = b, J = ∂F/∂z: k steps x ← x + τ(J·x − b) from 0, each of which adds τ(I + τJ)ⁱ·(−b). Undamped it is the
/// Neumann series of I + J, damped the phantom gradient: the derivative of steps z ← z + τF(z) at a solution, where all iterates are the same.
/// </summary>
/// <param name="Steps">k, 1 or more.</param>
/// <param name="Damping">τ.</param>
internal sealed record ResidualSeries(int Steps, double Damping)
{
    /// <summary>How much more than the first term the last one may be: rounding.</summary>
    private const double Slack = 1e-5;

    /// <summary>x. A series whose terms grow is an error.</summary>
    /// <param name="title">Who solves, for the message.</param>
    /// <param name="product">v ↦ J·v.</param>
    /// <param name="right">b [n].</param>
    public Tensor Solve(string title, Func<Tensor, Tensor> product, Tensor right)
    {
        Tensor first = -Damping * right;
        if (Steps == 1)
            return first;
        (Tensor sum, Tensor last) = Loops.Scan(Add, (Sum: first, Term: first), Array.Empty<Tensor>(), Steps - 1).Carry;
        return Tensor.Ensure(sum, Tensor.Stack([Tensor.Norm(first), Tensor.Norm(last)]), new Falling(title));

        ((Tensor, Tensor), Tensor[]) Add((Tensor Sum, Tensor Term) at, Tensor[] _)
        {
            Tensor term = at.Term + (Damping * product(at.Term));
            return ((at.Sum + term, term), []);
        }
    }

    private sealed record Falling(string Title) : Requirement
    {
        public override int ItemRank => 1;

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            // What is not a number from the start has another cause.
            if (double.IsFinite(item[0]) && !(item[1] <= (1.0 + Slack) * item[0]))
                throw new SolveException(
                    $"[{Title}] Diverged: the series for the derivative does not converge, its last term is larger than its first{FailureText.ForItem(number, items)}: I + ∂F/∂z is "
                        + "no contraction at the solution. Try Exact, or phantom gradients with more damping."
                );
        }
    }
}

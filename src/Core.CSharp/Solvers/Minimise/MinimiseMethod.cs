using Implicit.Shapes;
using Implicit.Solvers.Minimise;

namespace Implicit;

/// <summary>How a function is minimised. A closed set of methods.</summary>
public abstract record MinimiseMethod
{
    private protected MinimiseMethod() { }

    /// <summary>Checks the method's own numbers.</summary>
    internal virtual void Check(string solve) { }

    /// <summary>A new run of the method.</summary>
    /// <param name="n">The number of unknowns.</param>
    /// <param name="curve">(x, v) ↦ the product of the Hessian at x with v.</param>
    internal abstract IDescent Start(int n, Func<double[], double[], double[]> curve);

    /// <summary>
    /// BFGS: it learns the inverse Hessian, a matrix. J. Nocedal and S. Wright, Numerical Optimization (2006), algorithm 6.1. For up to some
    /// hundred unknowns.
    /// </summary>
    public sealed record Bfgs : MinimiseMethod
    {
        /// <summary>How far to go along a direction.</summary>
        public LineSearch LineSearch { get; init; } = new LineSearch.StrongWolfe();

        internal override void Check(string solve) => LineSearch.Check(solve);

        internal override IDescent Start(int n, Func<double[], double[], double[]> curve)
        {
            Throw.Unless(
                (long)n * n <= Array.MaxLength,
                "bfgs",
                "the inverse Hessian must be an array of fewer than 2^31 numbers (L-BFGS needs none)",
                $"{n} unknowns"
            );
            return new DenseQuasiNewton(n, LineSearch);
        }
    }

    /// <summary>L-BFGS: BFGS by the last steps alone. Nocedal and Wright (2006), algorithm 7.5. For many unknowns.</summary>
    /// <param name="Memory">How many steps are remembered, 1 or more.</param>
    public sealed record Lbfgs(int Memory = 10) : MinimiseMethod
    {
        /// <summary>How far to go along a direction.</summary>
        public LineSearch LineSearch { get; init; } = new LineSearch.StrongWolfe();

        internal override void Check(string solve)
        {
            Throw.Unless(Memory > 0, solve, "the memory must be 1 or more", $"{Memory}");
            LineSearch.Check(solve);
        }

        internal override IDescent Start(int n, Func<double[], double[], double[]> curve) =>
            new LimitedMemory(n, Memory, LineSearch);
    }

    /// <summary>
    /// Newton's method by conjugate gradients on Hessian–vector products within a trust region: T. Steihaug, SIAM J. Numer. Anal. 20 (1983);
    /// Nocedal and Wright (2006), algorithm 7.2. Quadratic convergence, saddle points are left.
    /// </summary>
    public sealed record NewtonCg : MinimiseMethod
    {
        /// <summary>How far the quadratic model is trusted.</summary>
        public TrustRegion TrustRegion { get; init; } = new();

        internal override void Check(string solve) => TrustRegion.Check(solve);

        internal override IDescent Start(int n, Func<double[], double[], double[]> curve) =>
            new NewtonConjugateGradients(n, TrustRegion, curve);
    }
}

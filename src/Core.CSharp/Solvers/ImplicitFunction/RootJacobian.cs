using Implicit.Graph;
using Implicit.Linear;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The matrix J = ∂F/∂z at a point that was found for a root, and whether the root is isolated.</summary>
/// <remarks>
/// The point is at some distance from the root, which Newton's step δ estimates. Where J is regular at the root it hardly changes over that
/// distance. Where it is singular (z² at 0) it does at every distance, by about a half: Newton's method then converges at a linear rate
/// (D. Decker, H. Keller and C. T. Kelley, SIAM J. Numer. Anal. 20 (1983)), and J⁻¹ at the point found is no estimate of anything, however
/// well it can be computed.
/// </remarks>
internal sealed class RootJacobian
{
    /// <summary>The residual of δ that an iterative method may leave, relative to F: far less than what is asked.</summary>
    private const double Enough = 0.01;

    private readonly Function product;
    private readonly Tensor[] point;
    private readonly Tensor value;
    private readonly LinearSolver.Krylov? solver;

    /// <param name="title">Who solves, for messages.</param>
    /// <param name="residual">(z [n], captures) → F [n].</param>
    /// <param name="point">z and the captures.</param>
    /// <param name="solver">Finds δ by products with J; its matrix is made and factorised if null.</param>
    public RootJacobian(string title, Function residual, Tensor[] point, LinearSolver.Krylov? solver)
    {
        this.point = point;
        this.solver = solver;
        value = residual.Apply(point)[0];
        product = residual.JvpOfFirst();
        var products = LinearOperator.OfLinear(v => At(point[0], v), value, $"the derivative of {title}");
        Operator = solver is null
            ? new DenseOperator(products.Matrix(), OperatorProperties.None) { Title = products.Title }
            : products;
    }

    /// <summary>J.</summary>
    public LinearOperator Operator { get; }

    /// <summary>(z, captures) → a number that is more than 0 where the root is not isolated.</summary>
    public static Function Excess(Function residual, LinearSolver.Krylov? solver) =>
        Function.TraceClosed(
            "isolated",
            residual.ArgumentTypes,
            all => [new RootJacobian("root", residual, all, solver).Excess()]
        );

    /// <summary>A tensor, once it was seen that the root is isolated.</summary>
    public Tensor Guard(string title, Tensor value) => Tensor.Ensure(value, Excess(), new Isolated(title));

    /// <summary>By how much J changes more than it may between the point found and the root, for δ = −J⁻¹·F(z).</summary>
    private Tensor Excess()
    {
        Tensor step = Step();
        Tensor here = solver is null ? -value : At(point[0], step);
        return Change.Of(At(point[0] + step, step), here) - Change.Most;
    }

    /// <summary>δ. An iterative method may fail, as it will where J is worse: what it has found then still leads to the root.</summary>
    private Tensor Step()
    {
        if (solver is null)
            return Operator.Inverse().Apply(-value);
        LinearSolver.Krylov wide = solver with { RelativeTolerance = Enough, AbsoluteTolerance = 0.0 };
        return KrylovSetup.Of(Operator, wide).TrySolve(-value, null).X;
    }

    /// <summary>J(z)·v.</summary>
    private Tensor At(Tensor z, Tensor v) => product.Apply([z, .. point[1..], v])[1];

    private sealed record Isolated(string Title) : Requirement
    {
        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            // NaN, where F ends between the point found and the root, does not tell that there is a derivative.
            if (!(item[0] <= 0.0))
                throw new SolveException(
                    $"[{Title}] Singular: the solution is not isolated, for ∂F/∂z is singular there or not finite beside it{FailureText.ForItem(number, items)}: it has no derivative. "
                        + "Try other equations for the same solution, or the derivative of least norm, Exact by the pseudoinverse."
                );
        }
    }
}

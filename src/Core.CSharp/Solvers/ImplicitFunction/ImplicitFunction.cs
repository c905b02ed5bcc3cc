using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Solvers.Minimise;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The implicit function theorem: the derivatives of the z that F(z, θ) = 0 defines as a function of θ.</summary>
/// <remarks>
/// Differentiating F(z(θ), θ) = 0 gives ∂F/∂z·ż = −∂F/∂θ·θ̇ for tangents. For a cotangent z̄, λ with (∂F/∂z)ᵀ·λ = z̄ gives θ̄ = −(∂F/∂θ)ᵀ·λ. Both
/// are written in z, which is the solution again, in derivatives of F, and in a linear solve, all of which have derivatives: so both
/// modes follow to every order. (E.g. S. Krantz and H. Parks, The Implicit Function Theorem, 2002, theorem 1.3.1.)
/// </remarks>
/// <param name="Name">Who solves, for messages.</param>
/// <param name="Residual">(z [n], θ) → F(z, θ) [n].</param>
/// <param name="Solver">How the linear systems are solved, unless by <see cref="Series"/>.</param>
/// <param name="Items">The batch, if z is one.</param>
internal sealed record ImplicitFunction(string Name, Function Residual, LinearSolver Solver, ItemAxis? Items)
{
    /// <summary>The series whose first terms stand for the solution of a linear system, if one does.</summary>
    public ResidualSeries? Series { get; init; }

    /// <summary>
    /// Whether the last input is a certificate: no part of the equation, but its cotangent is the report of the adjoint solve, whose failure
    /// is then no error.
    /// </summary>
    public bool HasCertificate { get; init; }

    /// <summary>What is first asked of z. At a minimum ∂F/∂z is symmetric.</summary>
    public Isolation Isolation { get; init; }

    /// <summary>Solves of one item and products of all, which a loop that differentiates alike asks for again.</summary>
    private static readonly BoundedCache<(ImplicitFunction, bool Transposed, bool Reports), Function> Solves = new(
        key => key.Item1.TraceSolve(key.Transposed, key.Reports)
    );

    private static readonly BoundedCache<(ImplicitFunction, ValueArray<bool> Wanted), Function> Pullbacks = new(key =>
        key.Item1.TracePullback(key.Wanted.Span)
    );

    private Function Whole => Items is null ? Residual : Items.Map(Residual, 1, Items.Size);

    /// <summary>The tangent of the solution z of inputs (start, captures); null if it does not move.</summary>
    public Tensor? Tangent(Tensor z, Tensor[] inputs, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] captures = Captures(inputs);
        ReadOnlySpan<Tensor?> flows = tangents.Slice(1, captures.Length);
        bool[] moving = [false, .. Flags.Present(flows)];
        if (!moving.Contains(true))
            return null;
        Tensor moved = Whole.Jvp(moving).Apply([z, .. captures, .. Flags.Given(flows)])[1];
        return Solve(-moved, z, captures, transposed: false, reports: false)[0];
    }

    /// <summary>The cotangents of the inputs that are needed; null is zero.</summary>
    public Tensor?[] Cotangent(Tensor z, Tensor[] inputs, Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        Tensor[] captures = Captures(inputs);
        bool[] wanted = [false, .. needed.Slice(1, captures.Length)];
        bool reports = HasCertificate && needed[^1];
        if (!reports && !wanted.Contains(true))
            return new Tensor?[needed.Length];
        Tensor[] solved = Solve(cotangent, z, captures, transposed: true, reports);
        Tensor?[] pulled = Flags.Spread<Tensor>(
            wanted,
            Pullbacks[(this, [.. wanted])].Apply([z, .. captures, -solved[0]])
        );
        return HasCertificate ? [.. pulled, reports ? solved[1] : null] : pulled;
    }

    private Tensor[] Captures(Tensor[] inputs) => HasCertificate ? inputs[1..^1] : inputs[1..];

    /// <summary>Solves with ∂F/∂z, or with its transpose, for each item by itself; gives the report too if it is wanted.</summary>
    private Tensor[] Solve(Tensor right, Tensor z, Tensor[] captures, bool transposed, bool reports) =>
        Items is null
            ? SolveItem([right, z, .. captures], transposed, reports)
            : Solves[(this, transposed, reports)].Apply([right, z, .. captures]);

    /// <summary>
    /// (z, captures, −λ) → the cotangents of the captures that are wanted. Where a gradient of pieces does not move with a capture that it uses, as in
    /// Σ|z − θ|, no derivative is that of a minimum which was not found, or is a kink: λ tells, although nothing is made of it.
    /// </summary>
    private Function TracePullback(ReadOnlySpan<bool> wanted)
    {
        Function pull = Whole.Vjp(wanted);
        int[] captures = Flags.Indices(wanted);
        bool[] used = Whole.UsedArguments;
        bool[] moved = pull.Moved([.. new bool[pull.Arguments.Length - 1], true]);
        if (Isolation != Isolation.OfMinimum || captures.Select((capture, i) => moved[i] || !used[capture]).All(x => x))
            return pull;
        return Function.TraceClosed(
            Name,
            pull.ArgumentTypes,
            all =>
                [
                    .. pull.Apply(all)
                        .Select((part, i) => moved[i] || !used[captures[i]] ? part : Known.Of(part, all[^1])),
                ]
        );
    }

    /// <summary>(right-hand sides, z, captures) → the solutions of a batch.</summary>
    private Function TraceSolve(bool transposed, bool reports)
    {
        TensorType[] types = [Residual.Results[0].Type, .. Residual.ArgumentTypes];
        Function item = Function.TraceClosed(Name, types, all => SolveItem(all, transposed, reports));
        return Items!.Map(item, 2, Items.Size);
    }

    private Tensor[] SolveItem(Tensor[] all, bool transposed, bool reports)
    {
        if (Series is not null)
            return [Series.Solve(Name, Product(all[1..], transposed), all[0])];
        LinearSolver solver = SolverCaptures.Give(Solver, all[2..]);
        (LinearOperator derivative, Tensor given) = System(all[0], all[1..], transposed, solver);
        solver = transposed ? solver.Transposed : solver;
        if (solver is not LinearSolver.Krylov krylov)
            return [LinearSystem.Solve(derivative, given, solver)];
        var setup = KrylovSetup.Of(derivative, krylov);
        if (!reports)
            return [setup.Solve(given)];
        (Tensor solution, Tensor report) = setup.TrySolve(given, null);
        return [solution, Tensor.Cast(report, given.DType)];
    }

    /// <summary>∂F/∂z, or its transpose, at a point of one item, and the right-hand side.</summary>
    private (LinearOperator Derivative, Tensor Right) System(
        Tensor right,
        Tensor[] point,
        bool transposed,
        LinearSolver solver
    )
    {
        if (Isolation == Isolation.OfMinimum)
        {
            var hessian = new MinimumHessian(Name, Residual, point, isFactorised: solver is LinearSolver.Direct);
            return (hessian.Operator, hessian.Guard(right));
        }
        if (Isolation == Isolation.OfRoot)
        {
            var jacobian = new RootJacobian(Name, Residual, point, solver as LinearSolver.Krylov);
            right = jacobian.Guard(Name, right);
            if (solver is LinearSolver.Direct)
                return (transposed ? jacobian.Operator.T : jacobian.Operator, right);
        }
        var products = LinearOperator.OfLinear(Product(point, transposed), right, $"the derivative of {Name}");
        return (products, right);
    }

    /// <summary>v ↦ ∂F/∂z·v, or its transpose, at a point of one item.</summary>
    private Func<Tensor, Tensor> Product(Tensor[] point, bool transposed)
    {
        Function product = transposed ? Residual.VjpOfFirst() : Residual.JvpOfFirst();
        return v => product.Apply([.. point, v])[^1];
    }
}

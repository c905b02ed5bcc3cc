using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>Reads calls of users: traces the function once and checks all that can be known before solving.</summary>
/// <param name="Name">Who solves.</param>
/// <param name="Options">How to solve.</param>
/// <param name="Default">The method if the options name none.</param>
/// <param name="IsFixedPoint">Whether the function is f of z = f(z), rather than F of F(z) = 0.</param>
internal sealed record EquationSetups(string Name, EquationOptions Options, EquationMethod Default, bool IsFixedPoint)
{
    private EquationMethod Method => Options.Method ?? Default;

    /// <summary>Reads calls for the z with z = f(z).</summary>
    public static EquationSetups OfFixedPoint(EquationOptions? options, string name) =>
        new(name, options ?? new EquationOptions(), new Anderson(), IsFixedPoint: true);

    /// <summary>Reads calls for a z with F(z) = 0.</summary>
    public static EquationSetups OfRoot(EquationOptions? options, string name) =>
        new(name, options ?? new EquationOptions(), new Newton(), IsFixedPoint: false);

    /// <summary>One problem.</summary>
    public SolveSetup<T> One<T>(Func<T, T> function, T start)
    {
        Throw.IfMissing(function, Name, "the function");
        Tensor[] leaves = Tree.Leaves(start);
        Check(leaves);
        return Setup(
            IsSeparate(leaves)
                ? TracedProblem.PerItem(Name, state => Leaves(function(state), start), Combined, start)
                : TracedProblem.One(Name, (z, state) => Residual(z, function(state), start), start)
        );
    }

    /// <summary>The answer of a solver of the caller's, differentiated by the equation.</summary>
    public T Given<TData, T>(Func<TData, T, T> solve, Func<TData, T, T> function, TData data, T start)
    {
        Throw.IfMissing(solve, Name, "the solver");
        Throw.IfMissing(function, Name, "the function");
        Check(Tree.Leaves(start));
        CheckUnseen();
        Tensor[] given = Tree.Leaves(data);
        (Tensor vector, Func<Tensor, T> unravel) = Ravelling.Ravel(start);
        Function traced = Function.Trace(
            Name,
            [vector.Type, .. Tensor.Types(given)],
            all => [Residual(all[0], function(Tree.With(data, all.AsSpan(1)), unravel(all[0])), start)],
            out Tensor[] captures
        );
        // The solver is data, not structure: a loop that makes it anew in every step reuses its plan.
        var solvers = new SolverCaptures(given.Length + captures.Length);
        ImplicitDerivative derivative = Derivative().Closed(solvers);
        captures = [.. captures, .. solvers.Tensors];
        Function residual = traced.Ignoring([.. Tensor.Types(solvers.Tensors), TensorType.Opaque]);
        var solver = Tensor.Data(new ObjectBuffer((Solver)Answer), Shape.Scalar);
        var box = new BlackBox(Name, given.Length, residual, Tolerance(vector.DType, 1e-6, 1e-3));
        var op = new SolutionOp(box, residual, derivative) { Isolation = Isolation() };
        Tensor z = Tensor.Apply(op, [vector, .. given, .. captures, solver]);
        Reading.ForceUnlessTraced(z);
        return unravel(z);

        Tensor Answer(Tensor from, Tensor[] values)
        {
            T answer = solve(Tree.With(data, values), unravel(from));
            return Ravelling.Ravel(TreeForm.Leaves(Name, "what the solver returns", answer, "the start", start)).Vector;
        }
    }

    /// <summary>A batch of problems with data of their own.</summary>
    public SolveSetup<T> Each<TData, T>(Func<TData, T, T> function, TData data, T starts)
    {
        Throw.IfMissing(function, Name, "the function");
        Check(Tree.Leaves(starts));
        return Setup(
            TracedProblem.Each<TData, T>(
                Name,
                (z, item, state) => Residual(z, function(item, state), state),
                data,
                starts
            )
        );
    }

    private SolveSetup<T> Setup<T>(TracedProblem<T> traced)
    {
        var solvers = new SolverCaptures(traced.Captures.Length);
        EquationMethod method = Method.WithSolvers(solvers.Take);
        ImplicitDerivative derivative = Derivative().Closed(solvers);
        TracedProblem<T> closed = traced.With(solvers);
        Function residual = closed.Function;
        EquationTolerance tolerance = Tolerance(residual.Arguments[0].DType, 1e-10, 1e-5);
        var problem = new EquationProblem(Name, residual, method, tolerance, Options.MaxSteps);
        return new(problem, residual, derivative, closed)
        {
            Certificate = Options.Certificate,
            OnFail = Options.OnFail,
            Isolation = Isolation(),
            SingularBy = Asks(Method.AdjointSolver) ? Method.AdjointSolver : null,
        };
    }

    /// <summary>What the options allow, or a relative tolerance by element type and an absolute one of a hundredth of it.</summary>
    private EquationTolerance Tolerance(DType dtype, double inDouble, double inSingle)
    {
        double standard = dtype == DType.Float32 ? inSingle : inDouble;
        return new(Options.RelativeTolerance ?? standard, Options.AbsoluteTolerance ?? (standard / 100), IsFixedPoint);
    }

    private ImplicitDerivative Derivative() =>
        Options.Derivative is ImplicitDerivative.Exact { Solver: null }
            ? new ImplicitDerivative.Exact(Method.AdjointSolver)
            : Options.Derivative;

    /// <summary>A certificate reports what fails, which then is no error.</summary>
    private Isolation Isolation() =>
        Options.Certificate is null && Derivative() is ImplicitDerivative.Exact exact && Asks(exact.Solver!)
            ? Solvers.Isolation.OfRoot
            : Solvers.Isolation.Unasked;

    /// <summary>
    /// Whether it is asked if ∂F/∂z is singular: wherever its matrix is factorised anyway, and of every root; not where least squares say that it may be.
    /// Of a fixed point by products alone it is not: that would cost a part of the derivative, and where f is a contraction ∂F/∂z is regular.
    /// </summary>
    private bool Asks(LinearSolver solver) =>
        solver is LinearSolver.Direct || (!IsFixedPoint && solver is LinearSolver.Krylov and not LinearSolver.Lsmr);

    /// <summary>F(z) as a vector, for what the user's function gave at z.</summary>
    private Tensor Residual<T>(Tensor z, T value, T like) => Combined(z, Ravelling.Ravel(Leaves(value, like)).Vector);

    private Tensor Combined(Tensor z, Tensor value) => IsFixedPoint ? value - z : value;

    /// <summary>What the user's function gave, once its types were seen to be those of the state.</summary>
    private Tensor[] Leaves<T>(T value, T like) =>
        TreeForm.Leaves(Name, "what the function returns", value, "the state", like, keeps: IsFixedPoint);

    /// <summary>Whether the state holds items that are solved separately. One alone is one problem.</summary>
    private bool IsSeparate(Tensor[] leaves) => Options.PerItem && Vectorisation.Size(Name, leaves) > 1;

    /// <summary>Of a solver of the caller's nothing is seen but its answers.</summary>
    private void CheckUnseen()
    {
        Throw.Unless(
            Options.Certificate is null,
            Name,
            "a solver of the caller's reports on no adjoint solve: it raises if that fails",
            "a certificate"
        );
        Throw.Unless(
            Options.OnFail == OnFail.Throw,
            Name,
            "an answer of the caller's that is no solution must raise an error",
            $"OnFail.{Options.OnFail}"
        );
        Throw.Unless(
            Options.Derivative is not ImplicitDerivative.Unrolled,
            Name,
            "the derivative must be one of the equation's, since the steps of a solver of the caller's are not seen",
            "Unrolled"
        );
    }

    private void Check(Tensor[] leaves)
    {
        TracedProblem.Check(Name, leaves);
        Options.Check(Name);
        Method.Check(Name);
        if (Options.Certificate is not { } certificate)
            return;
        TensorType expected = new(
            leaves[0].DType,
            IsSeparate(leaves) ? [leaves[0].Shape[0], LinearReport.Length] : [LinearReport.Length]
        );
        Throw.Unless(certificate.Type == expected, Name, $"a certificate must be {expected}", $"{certificate.Type}");
        Throw.Unless(
            Derivative() is ImplicitDerivative.Exact { Solver: LinearSolver.Krylov },
            Name,
            "a certificate is one of an exact derivative by a Krylov method",
            $"{Derivative()}"
        );
    }
}

using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit;

/// <summary>Systems of linear equations A·x = b, and linear least squares.</summary>
public static class LinearSystem
{
    /// <summary>How many random vectors <see cref="LinearSolver.ChecksOperator"/> tries each claim on.</summary>
    private const int Probes = 3;

    /// <summary>
    /// The x with A·x = b. It is differentiable with respect to b and every tensor that A is made of, in both modes and to any order.
    /// </summary>
    /// <param name="a">The operator.</param>
    /// <param name="b">Of the shape of A's result; for a vector [m] also [m, k]: k right-hand sides as columns.</param>
    /// <param name="solver">How to solve; GMRES with restart 30 if null.</param>
    /// <param name="start">
    /// Where a Krylov method starts, of x's shape; zero if null. The solution does not depend on it, so it has no derivative.
    /// </param>
    /// <returns>x, of the shape of A's argument; [n, k] for columns. For least squares methods and shapes, see <see cref="LinearSolver"/>.</returns>
    /// <exception cref="TensorException">The types do not fit, or A is not linear or (if it is checked) not what it claims to be.</exception>
    /// <exception cref="SolveException">
    /// A is singular, a number is not finite, a Krylov method did not reach its tolerance, or what a factorisation found does not solve the system,
    /// for A is not what it claims to be; the message says why and what to try.
    /// </exception>
    /// <remarks>Methods: see <see cref="LinearSolver"/>. A solve with the transpose runs by the same method.</remarks>
    public static Tensor Solve(LinearOperator a, Tensor b, LinearSolver? solver = null, Tensor? start = null)
    {
        LinearSolver method = Checked(a, b, solver, start);
        Tensor x = Unforced(a, Guarded(a, b, method), method, start);
        Reading.ForceUnlessTraced(x);
        return x;
    }

    /// <summary>
    /// The x with A·x = b, for A given by what it does. It is differentiable with respect to b and every tensor that A captures, in both
    /// modes and to any order.
    /// </summary>
    /// <param name="a">The linear map of a tensor of b's type to one of the same type.</param>
    /// <param name="b">The right-hand side, of any shape.</param>
    /// <param name="solver">How to solve; GMRES with restart 30 if null.</param>
    /// <returns>x, of the type of b.</returns>
    /// <exception cref="TensorException">The types do not fit, or A does not map zero to zero.</exception>
    /// <exception cref="SolveException">
    /// A is singular, a number is not finite, or a Krylov method did not reach its tolerance; the message says why and what to try.
    /// </exception>
    public static Tensor Solve(Func<Tensor, Tensor> a, Tensor b, LinearSolver? solver = null)
    {
        Throw.Unless(b.DType.IsFloat, "linearSolve", "b must be floating-point", $"{b.Type}");
        return Solve(LinearOperator.Of(a, b), b, solver);
    }

    /// <summary>The x with A·x = b, for A given by what it does to a tree of tensors.</summary>
    /// <typeparam name="T">Any record, tuple, list or array of tensors of one element type.</typeparam>
    /// <param name="a">The linear map of a tree of b's form to one of the same form.</param>
    /// <param name="b">The right-hand side.</param>
    /// <param name="solver">How to solve; GMRES with restart 30 if null.</param>
    /// <returns>x, of the form of b.</returns>
    /// <exception cref="TensorException">The types do not fit, or A does not map zero to zero.</exception>
    /// <exception cref="SolveException">
    /// A is singular, a number is not finite, or a Krylov method did not reach its tolerance; the message says why and what to try.
    /// </exception>
    public static T Solve<T>(Func<T, T> a, T b, LinearSolver? solver = null)
    {
        (Tensor vector, Func<Tensor, T> unravel) = Ravelling.Ravel(b, "linearSolve", "b");
        return unravel(Solve(Product, vector, solver));

        Tensor Product(Tensor v) =>
            Ravelling.Ravel(TreeForm.Leaves("linearSolve", "what A returns", a(unravel(v)), "b", b)).Vector;
    }

    /// <summary>
    /// Solves now and gives the full account: x, status, residual, iterations, for each right-hand side. Never throws for numerical failure.
    /// </summary>
    /// <param name="a">The operator.</param>
    /// <param name="b">Of the shape of A's result; for a vector [m] also [m, k]: k right-hand sides as columns.</param>
    /// <param name="solver">How to solve; GMRES with restart 30 if null.</param>
    /// <param name="start">Where a Krylov method starts, of x's shape; zero if null.</param>
    /// <returns>The solution; after a failure with the best x that was found (NaN after a direct solve that failed).</returns>
    /// <exception cref="TensorException">The types do not fit, something is being differentiated through, or A is not linear.</exception>
    public static LinearSolution TrySolve(LinearOperator a, Tensor b, LinearSolver? solver = null, Tensor? start = null)
    {
        LinearSolver method = Checked(a, b, solver, start);
        Tensor right = Guarded(a, b, method);
        Throw.Unless(
            !right.IsTraced
                && !(start?.IsTraced ?? false)
                && !a.Product(Tensor.Zeros(a.Input.Shape, a.Input.DType)).IsTraced,
            "LinearSystem.solve",
            "status and residual are known only when the numbers are; inside a transform use linearSolve",
            "a traced operator, right-hand side or start"
        );
        return method is LinearSolver.Krylov krylov
            ? Iterated(KrylovSetup.Of(a, krylov), a, right, start)
            : Factorised(a, right, method);
    }

    private static LinearSolver Checked(LinearOperator a, Tensor b, LinearSolver? solver, Tensor? start)
    {
        bool columns = LinearOperator.AreColumns(b.Type, a.Output);
        Throw.Unless(
            b.Type == a.Output || columns,
            "linearSolve",
            $"b must be of the type of the operator's result, {a.Output}{(a.Output.Shape.Rank == 1 ? ", or have several of them as columns" : "")}",
            $"{b.Type}"
        );
        Throw.Unless(
            start is null
                || (
                    columns
                        ? LinearOperator.AreColumns(start.Type, a.Input) && start.Shape[1] == b.Shape[1]
                        : start.Type == a.Input
                ),
            "linearSolve",
            "the start must be of the type of the solution",
            $"{start?.Type}"
        );
        var method = solver ?? new LinearSolver.Gmres();
        Throw.Unless(
            start is null || method is not LinearSolver.Lsmr,
            "linearSolve",
            "lsmr takes no start: the solution of least norm is the one from zero",
            "one"
        );
        return method;
    }

    /// <summary>
    /// b, once the operator was tried on random vectors where that is asked for. LSMR ends where Aᵀ(b − A·x) is nothing, which proves a least
    /// squares solution only if Aᵀ is the transpose: of a function that may not be linear this is seen first.
    /// </summary>
    private static Tensor Guarded(LinearOperator a, Tensor b, LinearSolver method) =>
        method.ChecksOperator ? OperatorCheck.Guard(a, b, Probes)
        : method is LinearSolver.Lsmr && a.MayBeAffine ? OperatorCheck.Guard(a, b, probes: 1)
        : b;

    private static Tensor Unforced(LinearOperator a, Tensor b, LinearSolver method, Tensor? start)
    {
        if (method is not LinearSolver.Krylov krylov)
            return AsClaimed.Of(FiniteSolution.Of(a.Inverse(method).Apply(b), a.Title), a, b, method);
        KrylovSetup setup = KrylovSetup.Of(a, krylov);
        if (b.Type == a.Output)
            return setup.Solve(b, start);
        return start is null
            ? Vectorisation.Vmap(column => setup.Solve(column), b.T).T
            : Vectorisation.Vmap(pair => setup.Solve(pair.B, pair.Start), (B: b.T, Start: start.T)).T;
    }

    /// <summary>The report of a factorisation that did not succeed.</summary>
    private static LinearReport Failed(LinearOperator a) =>
        LinearReport.Direct(
            Array.TrueForAll(Tensor.Cast(a.ToMatrix(), DType.Float64).ToArray(), double.IsFinite)
                ? LinearStatus.Singular
                : LinearStatus.NonFinite,
            double.NaN
        );

    private static LinearSolution Iterated(KrylovSetup setup, LinearOperator a, Tensor b, Tensor? start)
    {
        (Tensor x, Tensor report) =
            b.Type == a.Output ? setup.TrySolve(b, start)
            : start is null ? Columns(Vectorisation.Vmap(column => setup.TrySolve(column, null), b.T))
            : Columns(Vectorisation.Vmap(pair => setup.TrySolve(pair.B, pair.Start), (B: b.T, Start: start.T)));
        Reading.Force([x, report]);
        double[] numbers = report.ToArray();
        return new(x, [.. numbers.Chunk(LinearReport.Length).Select(one => LinearReport.Of(one))]);

        static (Tensor, Tensor) Columns((Tensor X, Tensor Report) rows) => (rows.X.T, rows.Report);
    }

    private static LinearSolution Factorised(LinearOperator a, Tensor b, LinearSolver method)
    {
        Reading.Force(b);
        Tensor x = a.Inverse(method).Apply(b);
        Tensor norms = Tensor.ScaledNorm(a.Columns(b - a.Apply(x), b), 0);
        Tensor excess = AsClaimed.Excess(x, a, b, method);
        try
        {
            Reading.Force([x, norms, excess]);
        }
        catch (Exception error) when (SolveException.TellsFailure(error))
        {
            LinearReport failed = Failed(a);
            Shape shape = b.Type == a.Output ? a.InputShape : a.InputShape.Concat([b.Shape[1]]);
            return new(Tensor.Full(shape, double.NaN, b.DType), [.. Enumerable.Repeat(failed, norms.Length)]);
        }
        double[] beyond = Tensor.Cast(excess, DType.Float64).ToArray();
        double[] sizes = Tensor.Cast(norms, DType.Float64).ToArray();
        return new(x, [.. sizes.Select((size, i) => LinearReport.Direct(Status(size, beyond[i]), size))]);

        static LinearStatus Status(double size, double beyond) =>
            !double.IsFinite(size) ? LinearStatus.NonFinite
            : !(beyond <= 0.0) ? LinearStatus.NotAsClaimed
            : LinearStatus.Success;
    }
}

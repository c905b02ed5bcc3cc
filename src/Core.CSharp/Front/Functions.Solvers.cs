namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Ode.Integrate{T}(Func{Tensor, T, T}, Tensor, T, OdeOptions?)"/>
    public static T Odeint<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions? options = null) =>
        Ode.Integrate(Given(field), Given(times), y0, options);

    /// <inheritdoc cref="Implicit.FixedPoint.Find{T}(Func{T, T}, T, EquationOptions?)"/>
    public static T FixedPoint<T>(Func<T, T> f, T z0, EquationOptions? options = null) =>
        Implicit.FixedPoint.Find(Given(f), z0, options);

    /// <inheritdoc cref="Implicit.FixedPoint.Custom{TData, T}(Func{TData, T, T}, Func{TData, T, T}, TData, T, EquationOptions?)"/>
    public static T CustomFixedPoint<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => Implicit.FixedPoint.Custom(Given(solve), Given(f), data, z0, options);

    /// <inheritdoc cref="Implicit.Root.Custom{TData, T}(Func{TData, T, T}, Func{TData, T, T}, TData, T, EquationOptions?)"/>
    public static T CustomRoot<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => Implicit.Root.Custom(Given(solve), Given(f), data, z0, options);

    /// <inheritdoc cref="Implicit.Root.Find{T}(Func{T, T}, T, EquationOptions?)"/>
    public static T Root<T>(Func<T, T> f, T z0, EquationOptions? options = null) =>
        Implicit.Root.Find(Given(f), z0, options);

    /// <inheritdoc cref="Implicit.LeastSquares.Fit{T, TResidual}(Func{T, TResidual}, T, LeastSquaresOptions?)"/>
    public static T LeastSquares<T, TResidual>(
        Func<T, TResidual> residuals,
        T x0,
        LeastSquaresOptions? options = null
    ) => Implicit.LeastSquares.Fit(Given(residuals), x0, options);

    /// <inheritdoc cref="ConvexProgram.Minimise{T}(Func{T, Tensor})"/>
    public static ConvexProgram<T> Minimise<T>(Func<T, Tensor> objective) => ConvexProgram.Minimise(Given(objective));

    /// <inheritdoc cref="ConvexProgram{T}.Argmin(T, IArgminSolver?)"/>
    /// <param name="program">The problem: <c>Minimise(…).SubjectTo(…)</c>.</param>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <param name="solver">How to solve: <see cref="QpOptions"/>, the default, or <see cref="MinimiseOptions"/>.</param>
    public static T Argmin<T>(ConvexProgram<T> program, T x0, IArgminSolver? solver = null) =>
        Given(program).Argmin(x0, solver);

    /// <inheritdoc cref="Implicit.Argmin.Qp(QuadraticProgram, QpOptions?)"/>
    public static Tensor Argmin(QuadraticProgram program, QpOptions? options = null) =>
        Implicit.Argmin.Qp(Given(program), options);
}

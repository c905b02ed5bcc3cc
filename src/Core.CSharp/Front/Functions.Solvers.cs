namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Ode.Integrate{T}(Func{Tensor, T, T}, Tensor, T, OdeOptions?)"/>
    public static T Odeint<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions? options = null) =>
        Ode.Integrate(field, times, y0, options);

    /// <inheritdoc cref="Implicit.FixedPoint.Find{T}(Func{T, T}, T, EquationOptions?)"/>
    public static T FixedPoint<T>(Func<T, T> f, T z0, EquationOptions? options = null) =>
        Implicit.FixedPoint.Find(f, z0, options);

    /// <inheritdoc cref="Implicit.FixedPoint.Custom{TData, T}(Func{TData, T, T}, Func{TData, T, T}, TData, T, EquationOptions?)"/>
    public static T CustomFixedPoint<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => Implicit.FixedPoint.Custom(solve, f, data, z0, options);

    /// <inheritdoc cref="Implicit.Root.Custom{TData, T}(Func{TData, T, T}, Func{TData, T, T}, TData, T, EquationOptions?)"/>
    public static T CustomRoot<TData, T>(
        Func<TData, T, T> solve,
        Func<TData, T, T> f,
        TData data,
        T z0,
        EquationOptions? options = null
    ) => Implicit.Root.Custom(solve, f, data, z0, options);

    /// <inheritdoc cref="Implicit.Root.Find{T}(Func{T, T}, T, EquationOptions?)"/>
    public static T Root<T>(Func<T, T> f, T z0, EquationOptions? options = null) => Implicit.Root.Find(f, z0, options);
}

namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Ode.Integrate{T}(Func{Tensor, T, T}, Tensor, T, OdeOptions?)"/>
    public static T Odeint<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions? options = null) =>
        Ode.Integrate(field, times, y0, options);
}

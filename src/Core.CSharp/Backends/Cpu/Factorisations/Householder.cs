using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>Reflections H = I − τ·v·vᵀ with v₀ = 1 (Golub and Van Loan 2013, §5.1).</summary>
internal static unsafe class Householder<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Replaces x [n] by v with H·x = β·e₀, β = −sign(x₀)·‖x‖; τ = 0 where x is zero below x₀ already.
    /// </summary>
    public static T Make(T* x, nint n, out T beta)
    {
        T alpha = x[0];
        beta = alpha;
        T below = n > 1 ? Rows<V, T>.Norm(x + 1, n - 1) : T.Zero;
        if (below == T.Zero)
        {
            x[0] = T.One;
            return T.Zero;
        }
        T length = T.Hypot(alpha, below);
        if (length < LeastAccurate)
        {
            // Denormal numbers have too few digits for an orthogonal H.
            Rows<V, T>.Divide(length, x, n);
            T tau = Make(x, n, out beta);
            beta *= length;
            return tau;
        }
        beta = -T.CopySign(length, alpha);
        x[0] = T.One;
        Rows<V, T>.Divide(alpha - beta, x + 1, n - 1);
        return (beta - alpha) / beta;
    }

    private static T LeastAccurate => T.Epsilon / Precision / Precision;

    private static T Precision => T.BitIncrement(T.One) - T.One;

    /// <summary>y = H·y.</summary>
    public static void Apply(T tau, T* v, T* y, nint n)
    {
        if (tau != T.Zero)
            Rows<V, T>.Add(-tau * Rows<V, T>.Dot(v, y, n), v, y, n);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Shapes;

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

    private static T LeastAccurate => T.Epsilon / Precision.Of<T>() / Precision.Of<T>();

    /// <summary>y = H·y for each row y of [rows, n].</summary>
    public static void Apply(T tau, T* v, nint n, nint rows, T* y, nint row)
    {
        if (tau == T.Zero)
            return;
        nint i = 0;
        for (; i + 4 <= rows; i += 4)
            ApplyToFour(tau, v, n, y + (i * row), row);
        for (T* last = y + (i * row); i < rows; i++, last += row)
            Rows<V, T>.Add(-tau * Rows<V, T>.Dot(v, last, n), v, last, n);
    }

    /// <summary>Four rows side by side, so that their sums do not wait for each other and v is read once for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyToFour(T tau, T* v, nint n, T* y0, nint row)
    {
        T* y1 = y0 + row;
        T* y2 = y1 + row;
        T* y3 = y2 + row;
        V s0 = V.Of(0);
        V s1 = V.Of(0);
        V s2 = V.Of(0);
        V s3 = V.Of(0);
        for (nint i = 0; i < n; i += V.Count)
        {
            V x = Lane.Load<V, T>(v + i, n - i);
            s0 = V.MultiplyAdd(x, Lane.Load<V, T>(y0 + i, n - i), s0);
            s1 = V.MultiplyAdd(x, Lane.Load<V, T>(y1 + i, n - i), s1);
            s2 = V.MultiplyAdd(x, Lane.Load<V, T>(y2 + i, n - i), s2);
            s3 = V.MultiplyAdd(x, Lane.Load<V, T>(y3 + i, n - i), s3);
        }
        s0 = V.Broadcast(-tau * V.Sum(s0));
        s1 = V.Broadcast(-tau * V.Sum(s1));
        s2 = V.Broadcast(-tau * V.Sum(s2));
        s3 = V.Broadcast(-tau * V.Sum(s3));
        for (nint i = 0; i < n; i += V.Count)
        {
            V x = Lane.Load<V, T>(v + i, n - i);
            Lane.Store(V.MultiplyAdd(s0, x, Lane.Load<V, T>(y0 + i, n - i)), y0 + i, n - i);
            Lane.Store(V.MultiplyAdd(s1, x, Lane.Load<V, T>(y1 + i, n - i)), y1 + i, n - i);
            Lane.Store(V.MultiplyAdd(s2, x, Lane.Load<V, T>(y2 + i, n - i)), y2 + i, n - i);
            Lane.Store(V.MultiplyAdd(s3, x, Lane.Load<V, T>(y3 + i, n - i)), y3 + i, n - i);
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The last step of a triangular system for R = 4 rows, or one, from which the terms of all rows before are subtracted already.
/// </summary>
internal static unsafe class SubstitutionTile<V, T, R>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where R : unmanaged, ISize
{
    /// <summary>x[q, :] = (x[q, :] − Σ_{p&lt;q} t[q, p]·x[p, :])·inverse[q], each sum in order; X [R, n] with rows contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint n, T* x, nint xRow, Matrix<T> t, T* inverse)
    {
        V t10 = At(t, 1, 0);
        V t20 = At(t, 2, 0);
        V t21 = At(t, 2, 1);
        V t30 = At(t, 3, 0);
        V t31 = At(t, 3, 1);
        V t32 = At(t, 3, 2);
        for (nint j = 0; j < n; j += V.Count, x += V.Count)
        {
            nint left = n - j;
            V x0 = Lane.Load<V, T>(x, left) * V.Broadcast(inverse[0]);
            Lane.Store(x0, x, left);
            if (sizeof(R) == 1)
                continue;
            V x1 = V.MultiplyAddNegated(t10, x0, Lane.Load<V, T>(x + xRow, left)) * V.Broadcast(inverse[1]);
            Lane.Store(x1, x + xRow, left);
            V x2 = V.MultiplyAddNegated(t20, x0, Lane.Load<V, T>(x + 2 * xRow, left));
            x2 = V.MultiplyAddNegated(t21, x1, x2) * V.Broadcast(inverse[2]);
            Lane.Store(x2, x + 2 * xRow, left);
            V x3 = V.MultiplyAddNegated(t30, x0, Lane.Load<V, T>(x + 3 * xRow, left));
            x3 = V.MultiplyAddNegated(t32, x2, V.MultiplyAddNegated(t31, x1, x3)) * V.Broadcast(inverse[3]);
            Lane.Store(x3, x + 3 * xRow, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At(Matrix<T> t, nint i, nint j) =>
        i < sizeof(R) ? V.Broadcast(t.Origin[i * t.Row + j * t.Column]) : V.Of(0);
}

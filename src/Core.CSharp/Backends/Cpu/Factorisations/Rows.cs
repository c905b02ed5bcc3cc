using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Operations on contiguous rows of n numbers: what the factorisations are made of.</summary>
internal static unsafe class Rows<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot(T* x, T* y, nint n)
    {
        V s0 = V.Of(0);
        V s1 = V.Of(0);
        nint i = 0;
        for (; i + 2 * V.Count <= n; i += 2 * V.Count)
        {
            s0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), s0);
            s1 = V.MultiplyAdd(V.Load(x + i + V.Count), V.Load(y + i + V.Count), s1);
        }
        for (; i < n; i += V.Count)
            s0 = V.MultiplyAdd(Lane.Load<V, T>(x + i, n - i), Lane.Load<V, T>(y + i, n - i), s0);
        return V.Sum(s0 + s1);
    }

    /// <summary>y += a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T a, T* x, T* y, nint n)
    {
        V va = V.Broadcast(a);
        for (nint i = 0; i < n; i += V.Count)
        {
            V sum = V.MultiplyAdd(va, Lane.Load<V, T>(x + i, n - i), Lane.Load<V, T>(y + i, n - i));
            Lane.Store(sum, y + i, n - i);
        }
    }

    /// <summary>x /= a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(T a, T* x, nint n)
    {
        V va = V.Broadcast(a);
        for (nint i = 0; i < n; i += V.Count)
            Lane.Store(Lane.Load<V, T>(x + i, n - i) / va, x + i, n - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Swap(T* x, T* y, nint n)
    {
        for (nint i = 0; i < n; i += V.Count)
        {
            V old = Lane.Load<V, T>(x + i, n - i);
            Lane.Store(Lane.Load<V, T>(y + i, n - i), x + i, n - i);
            Lane.Store(old, y + i, n - i);
        }
    }

    /// <summary>(x, y) = (c·x − s·y, s·x + c·y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(T c, T s, T* x, T* y, nint n)
    {
        V vc = V.Broadcast(c);
        V vs = V.Broadcast(s);
        for (nint i = 0; i < n; i += V.Count)
        {
            V vx = Lane.Load<V, T>(x + i, n - i);
            V vy = Lane.Load<V, T>(y + i, n - i);
            Lane.Store(V.MultiplyAdd(vc, vx, -(vs * vy)), x + i, n - i);
            Lane.Store(V.MultiplyAdd(vs, vx, vc * vy), y + i, n - i);
        }
    }

    /// <summary>max |x|; NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Largest(T* x, nint n)
    {
        T largest = T.Zero;
        for (nint i = 0; i < n; i++)
            largest = T.Max(largest, T.Abs(x[i]));
        return largest;
    }

    /// <summary>√Σ x², computed on numbers scaled by the largest so that no square overflows.</summary>
    public static T Norm(T* x, nint n)
    {
        T square = Dot(x, x, n);
        if (T.IsFinite(square) && square > T.CreateTruncating(1e-30))
            return T.Sqrt(square);
        T largest = Largest(x, n);
        if (largest == T.Zero || !T.IsFinite(largest))
            return largest;
        T sum = T.Zero;
        for (nint i = 0; i < n; i++)
            sum += x[i] / largest * (x[i] / largest);
        return largest * T.Sqrt(sum);
    }
}

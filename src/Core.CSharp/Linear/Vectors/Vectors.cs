using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Sums and products of vectors of float or double.</summary>
internal static partial class Vectors
{
    /// <summary>y ← y + s·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(Span<T> y, double s, ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T>
    {
        T scale = T.CreateTruncating(s);
        int lanes = Vector512<T>.Count;
        int i = 0;
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(x);
        for (Vector512<T> factor = Vector512.Create(scale); i <= y.Length - lanes; i += lanes)
            MultiplyAdd(factor, ref from, i, Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < y.Length; i++)
            y[i] += scale * x[i];
    }

    /// <summary>y ← y + Σ sₖ·xₖ over the first of some vectors, as many as there are factors.</summary>
    public static void AddAll<T>(Span<T> y, ReadOnlySpan<double> s, KrylovVectors<T> x)
        where T : unmanaged, INumber<T>
    {
        int k = 0;
        for (; k <= s.Length - 4; k += 4)
            AddFour(y, s.Slice(k, 4), x[k], x[k + 1], x[k + 2], x[k + 3]);
        for (; k < s.Length; k++)
            Add<T>(y, s[k], x[k]);
    }

    /// <summary>y ← a − b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract<T>(Span<T> y, ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T>
    {
        int lanes = Vector512<T>.Count;
        int i = 0;
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        for (; i <= y.Length - lanes; i += lanes)
            (Vector512.LoadUnsafe(ref left, (nuint)i) - Vector512.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(
                ref to,
                (nuint)i
            );
        for (; i < y.Length; i++)
            y[i] = a[i] - b[i];
    }

    /// <summary>y ← y + s·(a − b).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddDifference<T>(Span<T> y, double s, ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T>
    {
        T scale = T.CreateTruncating(s);
        int lanes = Vector512<T>.Count;
        int i = 0;
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        for (Vector512<T> factor = Vector512.Create(scale); i <= y.Length - lanes; i += lanes)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref left, (nuint)i) - Vector512.LoadUnsafe(ref right, (nuint)i);
            MultiplyAdd(factor, x, Vector512.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
            y[i] += scale * (a[i] - b[i]);
    }

    /// <summary>y ← s·x; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<T>(Span<T> y, double s, ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T>
    {
        T scale = T.CreateTruncating(s);
        int lanes = Vector512<T>.Count;
        int i = 0;
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(x);
        for (Vector512<T> factor = Vector512.Create(scale); i <= y.Length - lanes; i += lanes)
            (factor * Vector512.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < y.Length; i++)
            y[i] = scale * x[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour<T>(
        Span<T> y,
        ReadOnlySpan<double> s,
        ReadOnlySpan<T> x0,
        ReadOnlySpan<T> x1,
        ReadOnlySpan<T> x2,
        ReadOnlySpan<T> x3
    )
        where T : unmanaged, INumber<T>
    {
        (T s0, T s1, T s2, T s3) = (
            T.CreateTruncating(s[0]),
            T.CreateTruncating(s[1]),
            T.CreateTruncating(s[2]),
            T.CreateTruncating(s[3])
        );
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from0 = ref MemoryMarshal.GetReference(x0);
        ref T from1 = ref MemoryMarshal.GetReference(x1);
        ref T from2 = ref MemoryMarshal.GetReference(x2);
        ref T from3 = ref MemoryMarshal.GetReference(x3);
        Vector512<T> f0 = Vector512.Create(s0);
        Vector512<T> f1 = Vector512.Create(s1);
        Vector512<T> f2 = Vector512.Create(s2);
        Vector512<T> f3 = Vector512.Create(s3);
        int lanes = Vector512<T>.Count;
        int i = 0;
        for (; i <= y.Length - lanes; i += lanes)
        {
            Vector512<T> first = MultiplyAdd(f1, ref from1, i, f0 * Vector512.LoadUnsafe(ref from0, (nuint)i));
            Vector512<T> second = MultiplyAdd(f3, ref from3, i, f2 * Vector512.LoadUnsafe(ref from2, (nuint)i));
            (Vector512.LoadUnsafe(ref to, (nuint)i) + (first + second)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
            y[i] += (s0 * x0[i]) + (s1 * x1[i]) + ((s2 * x2[i]) + (s3 * x3[i]));
    }

    /// <summary>factor·x + sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> factor, ref T x, int at, Vector512<T> sum)
        where T : unmanaged => MultiplyAdd(factor, Vector512.LoadUnsafe(ref x, (nuint)at), sum);

    /// <summary>a·b + sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> sum)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), sum.AsDouble()).As<double, T>();
}

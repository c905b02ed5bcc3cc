using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Sums and products of vectors of float or double. Sums of products are taken in double.</summary>
internal static class Vectors
{
    public static double Norm<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T> => Math.Sqrt(Dot(a, a));

    public static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float)
            ? Dot(MemoryMarshal.Cast<T, float>(a), MemoryMarshal.Cast<T, float>(b))
            : Dot(MemoryMarshal.Cast<T, double>(a), MemoryMarshal.Cast<T, double>(b));

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
            (Vector512.LoadUnsafe(ref to, (nuint)i) + (factor * Vector512.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(
                ref to,
                (nuint)i
            );
        for (; i < y.Length; i++)
            y[i] += scale * x[i];
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
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int lanes = Vector512<double>.Count;
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b);
        Vector512<double> first = Vector512<double>.Zero;
        Vector512<double> second = Vector512<double>.Zero;
        int i = 0;
        for (; i <= a.Length - (2 * lanes); i += 2 * lanes)
        {
            nuint at = (nuint)i;
            nuint next = (nuint)(i + lanes);
            first += Vector512.LoadUnsafe(ref left, at) * Vector512.LoadUnsafe(ref right, at);
            second += Vector512.LoadUnsafe(ref left, next) * Vector512.LoadUnsafe(ref right, next);
        }
        double sum = Vector512.Sum(first + second);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int lanes = Vector512<float>.Count;
        ref float left = ref MemoryMarshal.GetReference(a);
        ref float right = ref MemoryMarshal.GetReference(b);
        Vector512<double> lower = Vector512<double>.Zero;
        Vector512<double> upper = Vector512<double>.Zero;
        int i = 0;
        for (; i <= a.Length - lanes; i += lanes)
        {
            var (x0, x1) = Vector512.Widen(Vector512.LoadUnsafe(ref left, (nuint)i));
            var (y0, y1) = Vector512.Widen(Vector512.LoadUnsafe(ref right, (nuint)i));
            lower += x0 * y0;
            upper += x1 * y1;
        }
        double sum = Vector512.Sum(lower + upper);
        for (; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

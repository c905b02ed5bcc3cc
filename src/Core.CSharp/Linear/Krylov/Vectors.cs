using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Sums and products of vectors of float or double. Sums of products are taken in double.</summary>
internal static class Vectors
{
    /// <summary>So many elements make two vectors of double.</summary>
    private const int Block = 16;

    public static double Norm<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T> => Math.Sqrt(Dot(a, a));

    /// <summary>Whether no element is NaN or infinite. Squares are summed first, which takes less time; they may overflow.</summary>
    public static bool IsFinite<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        if (double.IsFinite(Dot(a, a)))
            return true;
        foreach (T element in a)
            if (!T.IsFinite(element))
                return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T>
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        Vector512<double> first = Vector512<double>.Zero;
        Vector512<double> second = Vector512<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Block; i += Block)
        {
            (Vector512<double> x0, Vector512<double> x1) = Load(ref left, i);
            (Vector512<double> y0, Vector512<double> y1) = Load(ref right, i);
            first += x0 * y0;
            second += x1 * y1;
        }
        double sum = Vector512.Sum(first + second);
        for (; i < a.Length; i++)
            sum += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
        return sum;
    }

    /// <inheritdoc cref="DotAll{T, TVectors}"/>
    public static void DotAll<T>(ReadOnlySpan<T> a, KrylovVectors<T> others, Span<double> products)
        where T : unmanaged, INumber<T> => DotAll<T, KrylovVectors<T>>(a, others, products);

    /// <summary>The products of a vector with the first of some others, as many as are asked for.</summary>
    public static void DotAll<T, TVectors>(ReadOnlySpan<T> a, TVectors others, Span<double> products)
        where T : unmanaged, INumber<T>
        where TVectors : struct, IVectors<T>
    {
        int k = 0;
        for (; k <= products.Length - 4; k += 4)
            DotFour(a, others[k], others[k + 1], others[k + 2], others[k + 3], products.Slice(k, 4));
        for (; k < products.Length; k++)
            products[k] = Dot<T>(others[k], a);
    }

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

    /// <inheritdoc cref="AddAll{T, TVectors}"/>
    public static void AddAll<T>(Span<T> y, ReadOnlySpan<double> s, KrylovVectors<T> x)
        where T : unmanaged, INumber<T> => AddAll<T, KrylovVectors<T>>(y, s, x);

    /// <summary>y ← y + Σ sₖ·xₖ over the first of some vectors, as many as there are factors.</summary>
    public static void AddAll<T, TVectors>(Span<T> y, ReadOnlySpan<double> s, TVectors x)
        where T : unmanaged, INumber<T>
        where TVectors : struct, IVectors<T>
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

    /// <summary>Four products that share the loads of a, and do not wait for each other's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotFour<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b0,
        ReadOnlySpan<T> b1,
        ReadOnlySpan<T> b2,
        ReadOnlySpan<T> b3,
        Span<double> products
    )
        where T : unmanaged, INumber<T>
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right0 = ref MemoryMarshal.GetReference(b0);
        ref T right1 = ref MemoryMarshal.GetReference(b1);
        ref T right2 = ref MemoryMarshal.GetReference(b2);
        ref T right3 = ref MemoryMarshal.GetReference(b3);
        Vector512<double> sum0 = Vector512<double>.Zero;
        Vector512<double> sum1 = Vector512<double>.Zero;
        Vector512<double> sum2 = Vector512<double>.Zero;
        Vector512<double> sum3 = Vector512<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Block; i += Block)
        {
            (Vector512<double> x, Vector512<double> y) = Load(ref left, i);
            sum0 += Product(x, y, ref right0, i);
            sum1 += Product(x, y, ref right1, i);
            sum2 += Product(x, y, ref right2, i);
            sum3 += Product(x, y, ref right3, i);
        }
        products[0] = Vector512.Sum(sum0);
        products[1] = Vector512.Sum(sum1);
        products[2] = Vector512.Sum(sum2);
        products[3] = Vector512.Sum(sum3);
        for (; i < a.Length; i++)
        {
            double x = double.CreateTruncating(a[i]);
            products[0] += x * double.CreateTruncating(b0[i]);
            products[1] += x * double.CreateTruncating(b1[i]);
            products[2] += x * double.CreateTruncating(b2[i]);
            products[3] += x * double.CreateTruncating(b3[i]);
        }
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
            nuint at = (nuint)i;
            Vector512<T> first =
                (f0 * Vector512.LoadUnsafe(ref from0, at)) + (f1 * Vector512.LoadUnsafe(ref from1, at));
            Vector512<T> second =
                (f2 * Vector512.LoadUnsafe(ref from2, at)) + (f3 * Vector512.LoadUnsafe(ref from3, at));
            (Vector512.LoadUnsafe(ref to, at) + (first + second)).StoreUnsafe(ref to, at);
        }
        for (; i < y.Length; i++)
            y[i] += (s0 * x0[i]) + (s1 * x1[i]) + ((s2 * x2[i]) + (s3 * x3[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Product<T>(Vector512<double> x, Vector512<double> y, ref T other, int at)
        where T : unmanaged
    {
        (Vector512<double> u, Vector512<double> v) = Load(ref other, at);
        return (x * u) + (y * v);
    }

    /// <summary>A block of elements as double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double>, Vector512<double>) Load<T>(ref T from, int at)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector512.Widen(Vector512.LoadUnsafe(ref Unsafe.As<T, float>(ref from), (nuint)at))
            : (
                Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref from), (nuint)at),
                Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref from), (nuint)at + (nuint)Vector512<double>.Count)
            );
}

/// <summary>Some vectors of one length.</summary>
internal interface IVectors<T>
    where T : unmanaged
{
    ReadOnlySpan<T> this[int index] { get; }
}

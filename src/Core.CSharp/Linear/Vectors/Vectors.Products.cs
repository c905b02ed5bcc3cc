using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Linear;

/// <summary>Sums of products, taken in double.</summary>
internal static partial class Vectors
{
    private static int Wide => Vector512<double>.Count;

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
        for (; i <= a.Length - (2 * Wide); i += 2 * Wide)
        {
            first = Vector512.FusedMultiplyAdd(Load(ref left, i), Load(ref right, i), first);
            second = Vector512.FusedMultiplyAdd(Load(ref left, i + Wide), Load(ref right, i + Wide), second);
        }
        double sum = Sum(first + second);
        for (; i < a.Length; i++)
            sum += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
        return sum;
    }

    /// <inheritdoc cref="DotAll{T, TVectors}(ReadOnlySpan{T}, TVectors, Span{double})"/>
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
        for (; i <= a.Length - Wide; i += Wide)
        {
            Vector512<double> x = Load(ref left, i);
            sum0 = Vector512.FusedMultiplyAdd(x, Load(ref right0, i), sum0);
            sum1 = Vector512.FusedMultiplyAdd(x, Load(ref right1, i), sum1);
            sum2 = Vector512.FusedMultiplyAdd(x, Load(ref right2, i), sum2);
            sum3 = Vector512.FusedMultiplyAdd(x, Load(ref right3, i), sum3);
        }
        products[0] = Sum(sum0);
        products[1] = Sum(sum1);
        products[2] = Sum(sum2);
        products[3] = Sum(sum3);
        for (; i < a.Length; i++)
        {
            double x = double.CreateTruncating(a[i]);
            products[0] += x * double.CreateTruncating(b0[i]);
            products[1] += x * double.CreateTruncating(b1[i]);
            products[2] += x * double.CreateTruncating(b2[i]);
            products[3] += x * double.CreateTruncating(b3[i]);
        }
    }

    /// <summary>The sum of all lanes, by halves: <see cref="Vector512.Sum"/> adds quarters one after the other, in twice as many instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> lanes)
    {
        Vector256<double> half = lanes.GetLower() + lanes.GetUpper();
        Vector128<double> quarter = half.GetLower() + half.GetUpper();
        return quarter.ToScalar() + quarter.GetElement(1);
    }

    /// <summary>As many elements as a vector of double holds, converted on the way from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load<T>(ref T from, int at)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref from), (nuint)at);
        Vector256<float> singles = Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref from), (nuint)at);
        if (Avx512F.IsSupported)
            return Avx512F.ConvertToVector512Double(singles);
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(singles);
        return Vector512.Create(lower, upper);
    }
}

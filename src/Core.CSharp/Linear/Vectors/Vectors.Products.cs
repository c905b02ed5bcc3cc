using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Linear;

/// <summary>Sums of products, taken in double.</summary>
internal static partial class Vectors
{
    /// <summary>Terms that vanish beside sums of squares above this do not count.</summary>
    private const double SmallestSquare = 1e-280;

    private static int Wide => Vector512<double>.Count;

    public static double Norm<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        double square = Dot(a, a);
        return square is > SmallestSquare and < double.PositiveInfinity ? Math.Sqrt(square) : ScaledNorm(a);
    }

    /// <summary>
    /// y ← a, which are of one length; whether no element is NaN or infinite (only those times zero are not zero). What is not finite is copied
    /// too, and stays in y.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool CopyFinite<T>(Span<T> y, ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, y.Length);
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(a);
        Vector512<T> zeros = Vector512<T>.Zero;
        int i = 0;
        for (; i <= y.Length - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            Vector512<T> x = Vector512.LoadUnsafe(ref from, (nuint)i);
            x.StoreUnsafe(ref to, (nuint)i);
            zeros = MultiplyAdd(x, Vector512<T>.Zero, zeros);
        }
        bool isFinite = Vector512.EqualsAll(zeros, Vector512<T>.Zero);
        for (; i < y.Length; i++)
        {
            y[i] = a[i];
            isFinite &= T.IsFinite(a[i]);
        }
        return isFinite;
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

    /// <summary>max |a|; NaN if there is one.</summary>
    public static double Largest<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        double largest = 0.0;
        foreach (T element in a)
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(element)));
        return largest;
    }

    /// <summary>
    /// A power of two near the largest element, in units of which no square overflows or vanishes that counts; 1 of zeros, and of what is not finite.
    /// </summary>
    public static double Unit<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        double largest = Largest(a);
        // Its inverse is a number of the type as well.
        int most = typeof(T) == typeof(float) ? 126 : 1022;
        return largest > 0.0 && double.IsFinite(largest)
            ? Math.ScaleB(1.0, Math.Clamp(Math.ILogB(largest), -most, most))
            : 1.0;
    }

    /// <summary>The norm in units of the largest element, whose squares neither vanish nor overflow.</summary>
    private static double ScaledNorm<T>(ReadOnlySpan<T> a)
        where T : unmanaged, INumber<T>
    {
        double largest = Largest(a);
        if (largest == 0.0 || !double.IsFinite(largest))
            return largest;
        double sum = 0.0;
        foreach (T element in a)
            sum += Math.Pow(double.CreateTruncating(element) / largest, 2);
        return largest * Math.Sqrt(sum);
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

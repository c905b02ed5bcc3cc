using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Sums of squares.</summary>
internal static partial class LaneSums<T, TSum>
{
    /// <summary>The square of the norm of a − b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Distance(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        double square = 0.0;
        int i = 0;
        while (i <= a.Length - Lanes<T, TSum>.Count)
        {
            Lanes<T, TSum> lanes = default;
            for (int end = Lanes<T, TSum>.End(i, a.Length); i < end; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> x = At(ref left, i) - At(ref right, i);
                lanes.Add(x, x);
            }
            square += lanes.Sum;
        }
        for (; i < a.Length; i++)
        {
            T x = a[i] - b[i];
            square += Product(x, x);
        }
        return square;
    }

    /// <summary>The squares of the norms of two vectors that are made of a and b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double First, double Second) Squares<TPair>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where TPair : IPair
    {
        ref T left = ref MemoryMarshal.GetReference(a);
        ref T right = ref MemoryMarshal.GetReference(b);
        (double ofFirst, double ofSecond) = (0.0, 0.0);
        int i = 0;
        while (i <= a.Length - Lanes<T, TSum>.Count)
        {
            (Lanes<T, TSum> first, Lanes<T, TSum> second) = (default, default);
            for (int end = Lanes<T, TSum>.End(i, a.Length); i < end; i += Lanes<T, TSum>.Count)
                AddSquares<TPair>(ref left, ref right, i, ref first, ref second);
            Vector256<double> sums = Lanes<T, TSum>.Sums(first, second, first, second);
            (ofFirst, ofSecond) = (ofFirst + sums[0], ofSecond + sums[1]);
        }
        for (; i < a.Length; i++)
        {
            (T x, T y) = TPair.Of(a[i], b[i]);
            (ofFirst, ofSecond) = (ofFirst + Product(x, x), ofSecond + Product(y, y));
        }
        return (ofFirst, ofSecond);
    }

    /// <summary>
    /// The same of four pairs that lie one after the other in a and b, to the bit: their sums are brought down together, which takes longer than the sums
    /// themselves.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (Vector256<double> First, Vector256<double> Second) SquaresOfFour<TPair>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b
    )
        where TPair : IPair
    {
        int length = a.Length / 4;
        ref T left0 = ref MemoryMarshal.GetReference(a);
        ref T left1 = ref Unsafe.Add(ref left0, length);
        ref T left2 = ref Unsafe.Add(ref left1, length);
        ref T left3 = ref Unsafe.Add(ref left2, length);
        ref T right0 = ref MemoryMarshal.GetReference(b);
        ref T right1 = ref Unsafe.Add(ref right0, length);
        ref T right2 = ref Unsafe.Add(ref right1, length);
        ref T right3 = ref Unsafe.Add(ref right2, length);
        Vector256<double> ofFirst = default;
        Vector256<double> ofSecond = default;
        int i = 0;
        while (i <= length - Lanes<T, TSum>.Count)
        {
            (Lanes<T, TSum> first0, Lanes<T, TSum> second0) = (default, default);
            (Lanes<T, TSum> first1, Lanes<T, TSum> second1) = (default, default);
            (Lanes<T, TSum> first2, Lanes<T, TSum> second2) = (default, default);
            (Lanes<T, TSum> first3, Lanes<T, TSum> second3) = (default, default);
            for (int end = Lanes<T, TSum>.End(i, length); i < end; i += Lanes<T, TSum>.Count)
            {
                AddSquares<TPair>(ref left0, ref right0, i, ref first0, ref second0);
                AddSquares<TPair>(ref left1, ref right1, i, ref first1, ref second1);
                AddSquares<TPair>(ref left2, ref right2, i, ref first2, ref second2);
                AddSquares<TPair>(ref left3, ref right3, i, ref first3, ref second3);
            }
            ofFirst += Lanes<T, TSum>.Sums(first0, first1, first2, first3);
            ofSecond += Lanes<T, TSum>.Sums(second0, second1, second2, second3);
        }
        for (; i < length; i++)
        for (int vector = 0; vector < 4; vector++)
        {
            int at = (vector * length) + i;
            (T x, T y) = TPair.Of(a[at], b[at]);
            ofFirst = ofFirst.WithElement(vector, ofFirst[vector] + Product(x, x));
            ofSecond = ofSecond.WithElement(vector, ofSecond[vector] + Product(y, y));
        }
        return (ofFirst, ofSecond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquares<TPair>(
        ref T left,
        ref T right,
        int at,
        ref Lanes<T, TSum> first,
        ref Lanes<T, TSum> second
    )
        where TPair : IPair
    {
        (Vector512<T> x, Vector512<T> y) = TPair.Of(At(ref left, at), At(ref right, at));
        first.Add(x, x);
        second.Add(y, y);
    }
}

/// <summary>Two vectors that are made of two others, element by element.</summary>
internal interface IPair
{
    static abstract (Vector512<T> First, Vector512<T> Second) Of<T>(Vector512<T> a, Vector512<T> b);

    static abstract (T First, T Second) Of<T>(T a, T b)
        where T : INumber<T>;

    /// <summary>Whether all elements of the first vector are seen to be zero; the sum of their squares may be so because they are tiny.</summary>
    /// <remarks>As it is if the first vector is a.</remarks>
    static virtual bool IsFirstZero<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T> => !a.ContainsAnyExcept(T.Zero);
}

/// <summary>a, and b.</summary>
internal readonly struct FirstAndSecond : IPair
{
    public static (Vector512<T> First, Vector512<T> Second) Of<T>(Vector512<T> a, Vector512<T> b) => (a, b);

    public static (T First, T Second) Of<T>(T a, T b)
        where T : INumber<T> => (a, b);
}

/// <summary>a, and a + b.</summary>
internal readonly struct FirstAndSum : IPair
{
    public static (Vector512<T> First, Vector512<T> Second) Of<T>(Vector512<T> a, Vector512<T> b) => (a, a + b);

    public static (T First, T Second) Of<T>(T a, T b)
        where T : INumber<T> => (a, a + b);
}

/// <summary>a − b, and a.</summary>
internal readonly struct DifferenceAndFirst : IPair
{
    public static (Vector512<T> First, Vector512<T> Second) Of<T>(Vector512<T> a, Vector512<T> b) => (a - b, a);

    public static (T First, T Second) Of<T>(T a, T b)
        where T : INumber<T> => (a - b, a);

    /// <remarks>Bits are compared faster than numbers.</remarks>
    public static bool IsFirstZero<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T> => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));
}

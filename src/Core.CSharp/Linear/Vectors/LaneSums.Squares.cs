using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Sums of squares.</summary>
internal static partial class LaneSums<T, TSum>
{
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
            {
                (Vector512<T> x, Vector512<T> y) = TPair.Of(At(ref left, i), At(ref right, i));
                first.Add(x, x);
                second.Add(y, y);
            }
            (ofFirst, ofSecond) = (ofFirst + first.Sum, ofSecond + second.Sum);
        }
        for (; i < a.Length; i++)
        {
            (T x, T y) = TPair.Of(a[i], b[i]);
            (ofFirst, ofSecond) = (ofFirst + Product(x, x), ofSecond + Product(y, y));
        }
        return (ofFirst, ofSecond);
    }
}

/// <summary>Two vectors that are made of two others, element by element.</summary>
internal interface IPair
{
    static abstract (Vector512<T> First, Vector512<T> Second) Of<T>(Vector512<T> a, Vector512<T> b);

    static abstract (T First, T Second) Of<T>(T a, T b)
        where T : INumber<T>;
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
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Linear;

/// <summary>
/// What Gram–Schmidt does with a vector and those before it, summed in lanes of <typeparamref name="TSum"/> as by <see cref="LaneSums{T, TSum}"/>.
/// </summary>
/// <typeparam name="T">The type of the vectors, float or double.</typeparam>
/// <typeparam name="TSum">The same, or double.</typeparam>
internal static unsafe class BasisSums<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged
{
    private const int Group = KrylovSpace<T>.Group;

    private static int Width => Vector512<T>.Count;

    /// <summary>The products of the last of some vectors, as many as there are products, with all of them.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="products">The products.</param>
    /// <param name="negated">The same with the other sign, and up to three numbers of no use behind them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DotAll(KrylovVectors<T> vectors, Span<double> products, Span<T> negated)
    {
        T* last = vectors[products.Length - 1].Pointer;
        (long offset, int stride) = (vectors.Offset, vectors.Stride);
        fixed (nint* groups = vectors.Groups)
            for (int k = 0; k < products.Length; k += Group)
            {
                // Products with what follows the last are of no use, and of no harm.
                Vector256<double> sums = DotFour(last, (T*)groups[k / Group] + offset, stride);
                Narrow(-sums, negated.Slice(k, Group));
                if (k + Group <= products.Length)
                    sums.CopyTo(products[k..]);
                else
                    for (int i = k; i < products.Length; i++)
                        products[i] = sums[i - k];
            }
    }

    /// <summary>Adds to the vector after some others, as many as there are factors, the others times theirs; the square of the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double AddAll(KrylovVectors<T> vectors, ReadOnlySpan<T> factors)
    {
        T* vector = vectors[factors.Length].Pointer;
        (long offset, int stride) = (vectors.Offset, vectors.Stride);
        Vector512<double> square = Vector512<double>.Zero;
        fixed (nint* groups = vectors.Groups)
        fixed (T* factor = factors)
        {
            int i = 0;
            for (; i <= stride - (4 * Width); i += 4 * Width)
                square += AddFour(vector + i, groups, offset + i, stride, factor, factors.Length);
            for (; i < stride; i += Width)
                square += AddOne(vector + i, groups, offset + i, stride, factor, factors.Length);
        }
        return Vectors.Sum(square);
    }

    /// <summary>Adds in four registers, the odd vectors beside the even ones, which so do not wait for each other; the squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AddFour(T* to, nint* groups, long at, int stride, T* factors, int count)
    {
        Vector512<T> x0 = Vector512.LoadAligned(to);
        Vector512<T> x1 = Vector512.LoadAligned(to + Width);
        Vector512<T> x2 = Vector512.LoadAligned(to + (2 * Width));
        Vector512<T> x3 = Vector512.LoadAligned(to + (3 * Width));
        Vector512<T> y0 = Vector512<T>.Zero;
        Vector512<T> y1 = Vector512<T>.Zero;
        Vector512<T> y2 = Vector512<T>.Zero;
        Vector512<T> y3 = Vector512<T>.Zero;
        int k = 0;
        for (; k <= count - 2; k += 2)
        {
            T* even = (T*)groups[(uint)k / Group] + at + ((uint)k % Group * (nint)stride);
            T* odd = even + stride;
            Vector512<T> ofEven = Vector512.Create(factors[k]);
            Vector512<T> ofOdd = Vector512.Create(factors[k + 1]);
            x0 = Vectors.MultiplyAdd(ofEven, Vector512.LoadAligned(even), x0);
            y0 = Vectors.MultiplyAdd(ofOdd, Vector512.LoadAligned(odd), y0);
            x1 = Vectors.MultiplyAdd(ofEven, Vector512.LoadAligned(even + Width), x1);
            y1 = Vectors.MultiplyAdd(ofOdd, Vector512.LoadAligned(odd + Width), y1);
            x2 = Vectors.MultiplyAdd(ofEven, Vector512.LoadAligned(even + (2 * Width)), x2);
            y2 = Vectors.MultiplyAdd(ofOdd, Vector512.LoadAligned(odd + (2 * Width)), y2);
            x3 = Vectors.MultiplyAdd(ofEven, Vector512.LoadAligned(even + (3 * Width)), x3);
            y3 = Vectors.MultiplyAdd(ofOdd, Vector512.LoadAligned(odd + (3 * Width)), y3);
        }
        if (k < count)
        {
            T* last = (T*)groups[(uint)k / Group] + at + ((uint)k % Group * (nint)stride);
            Vector512<T> factor = Vector512.Create(factors[k]);
            x0 = Vectors.MultiplyAdd(factor, Vector512.LoadAligned(last), x0);
            x1 = Vectors.MultiplyAdd(factor, Vector512.LoadAligned(last + Width), x1);
            x2 = Vectors.MultiplyAdd(factor, Vector512.LoadAligned(last + (2 * Width)), x2);
            x3 = Vectors.MultiplyAdd(factor, Vector512.LoadAligned(last + (3 * Width)), x3);
        }
        (x0, x1, x2, x3) = (x0 + y0, x1 + y1, x2 + y2, x3 + y3);
        x0.StoreAligned(to);
        x1.StoreAligned(to + Width);
        x2.StoreAligned(to + (2 * Width));
        x3.StoreAligned(to + (3 * Width));
        Lanes<T, TSum> even4 = default;
        Lanes<T, TSum> odd4 = default;
        even4.Add(x0, x0);
        odd4.Add(x1, x1);
        even4.Add(x2, x2);
        odd4.Add(x3, x3);
        return even4.Wide + odd4.Wide;
    }

    /// <summary>Adds in one register; its squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AddOne(T* to, nint* groups, long at, int stride, T* factors, int count)
    {
        Vector512<T> x = Vector512.LoadAligned(to);
        for (int k = 0; k < count; k++)
        {
            T* other = (T*)groups[(uint)k / Group] + at + ((uint)k % Group * (nint)stride);
            x = Vectors.MultiplyAdd(Vector512.Create(factors[k]), Vector512.LoadAligned(other), x);
        }
        x.StoreAligned(to);
        Lanes<T, TSum> squares = default;
        squares.Add(x, x);
        return squares.Wide;
    }

    /// <summary>The products of a vector with four that follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> DotFour(T* vector, T* others, int stride)
    {
        T* second = others + stride;
        T* third = second + stride;
        T* fourth = third + stride;
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        while (i < stride)
        {
            Lanes<T, TSum> lanes0 = default;
            Lanes<T, TSum> lanes1 = default;
            Lanes<T, TSum> lanes2 = default;
            Lanes<T, TSum> lanes3 = default;
            for (int end = Lanes<T, TSum>.End(i, stride); i < end; i += Width)
            {
                Vector512<T> x = Vector512.LoadAligned(vector + i);
                lanes0.Add(x, Vector512.LoadAligned(others + i));
                lanes1.Add(x, Vector512.LoadAligned(second + i));
                lanes2.Add(x, Vector512.LoadAligned(third + i));
                lanes3.Add(x, Vector512.LoadAligned(fourth + i));
            }
            sums += Lanes<T, TSum>.Sums(lanes0, lanes1, lanes2, lanes3);
        }
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(Vector256<double> four, Span<T> to)
    {
        if (typeof(T) == typeof(double))
            four.As<double, T>().CopyTo(to);
        else if (Avx.IsSupported)
            Avx.ConvertToVector128Single(four).As<float, T>().CopyTo(to);
        else
            for (int i = 0; i < Group; i++)
                to[i] = T.CreateTruncating(four[i]);
    }
}

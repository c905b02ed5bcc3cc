using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Passes that do what would be several.</summary>
internal static partial class Vectors
{
    /// <summary>y ← a + s·b + t·c + u·d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<T>(
        Span<T> y,
        ReadOnlySpan<T> a,
        double s,
        ReadOnlySpan<T> b,
        double t,
        ReadOnlySpan<T> c,
        double u,
        ReadOnlySpan<T> d
    )
        where T : unmanaged, INumber<T>
    {
        (T ofB, T ofC, T ofD) = (T.CreateTruncating(s), T.CreateTruncating(t), T.CreateTruncating(u));
        (Vector512<T> fB, Vector512<T> fC, Vector512<T> fD) = (
            Vector512.Create(ofB),
            Vector512.Create(ofC),
            Vector512.Create(ofD)
        );
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T fromB = ref MemoryMarshal.GetReference(b);
        ref T fromC = ref MemoryMarshal.GetReference(c);
        ref T fromD = ref MemoryMarshal.GetReference(d);
        int lanes = Vector512<T>.Count;
        int i = 0;
        for (; i <= y.Length - lanes; i += lanes)
        {
            Vector512<T> sum = MultiplyAdd(fB, ref fromB, i, Vector512.LoadUnsafe(ref from, (nuint)i));
            sum = MultiplyAdd(fC, ref fromC, i, sum);
            MultiplyAdd(fD, ref fromD, i, sum).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
            y[i] = a[i] + (ofB * b[i]) + (ofC * c[i]) + (ofD * d[i]);
    }

    /// <summary>x ← s·x, and y ← a + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd<T>(Span<T> y, ReadOnlySpan<T> a, double s, Span<T> x)
        where T : unmanaged, INumber<T>
    {
        T scale = T.CreateTruncating(s);
        Vector512<T> factor = Vector512.Create(scale);
        ref T to = ref MemoryMarshal.GetReference(y);
        ref T from = ref MemoryMarshal.GetReference(a);
        ref T scaled = ref MemoryMarshal.GetReference(x);
        int lanes = Vector512<T>.Count;
        int i = 0;
        for (; i <= y.Length - lanes; i += lanes)
        {
            Vector512<T> value = factor * Vector512.LoadUnsafe(ref scaled, (nuint)i);
            value.StoreUnsafe(ref scaled, (nuint)i);
            (Vector512.LoadUnsafe(ref from, (nuint)i) + value).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < y.Length; i++)
        {
            x[i] *= scale;
            y[i] = a[i] + x[i];
        }
    }
}

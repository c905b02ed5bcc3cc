using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>Passes that do what would be several.</summary>
internal static partial class Vectors
{
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

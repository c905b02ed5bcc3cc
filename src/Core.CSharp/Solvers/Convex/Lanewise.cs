using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Vector arithmetic on problems side by side: every number is a vector of lanes, and no lane depends on another.</summary>
internal static unsafe class Lanewise<V>
    where V : unmanaged, ILanes<V, double>
{
    private static int Step => V.Count;

    public static V Load(double* x, int i) => V.Load(x + ((long)i * V.Count));

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Dot(int n, double* x, double* y)
    {
        V even = V.Of(0.0);
        V odd = V.Of(0.0);
        int i = 0;
        for (; i + 2 <= n; i += 2, x += 2 * Step, y += 2 * Step)
        {
            even = V.MultiplyAdd(V.Load(x), V.Load(y), even);
            odd = V.MultiplyAdd(V.Load(x + Step), V.Load(y + Step), odd);
        }
        return i < n ? V.MultiplyAdd(V.Load(x), V.Load(y), even + odd) : even + odd;
    }

    /// <summary>max |x|, NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Largest(int n, double* x)
    {
        V largest = V.Of(0.0);
        for (int i = 0; i < n; i++, x += Step)
            largest = V.Max(largest, V.Abs(V.Load(x)));
        return largest;
    }

    /// <summary>max |x|/|unit|, NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V LargestOver(int n, double* x, double* unit)
    {
        V largest = V.Of(0.0);
        for (int i = 0; i < n; i++, x += Step, unit += Step)
            largest = V.Max(largest, V.Abs(V.Load(x)) / V.Load(unit));
        return largest;
    }

    /// <summary>y ← y + a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int n, V a, double* x, double* y)
    {
        for (int i = 0; i < n; i++, x += Step, y += Step)
            V.Store(V.MultiplyAdd(a, V.Load(x), V.Load(y)), y);
    }

    /// <summary>to ← a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(int n, V a, double* x, double* to)
    {
        for (int i = 0; i < n; i++, x += Step, to += Step)
            V.Store(a * V.Load(x), to);
    }

    /// <summary>to ← from in the lanes of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(int n, V mask, double* from, double* to)
    {
        for (int i = 0; i < n; i++, from += Step, to += Step)
            V.Store(V.Select(mask, V.Load(from), V.Load(to)), to);
    }

    /// <summary>to ← value in every lane.</summary>
    public static void Fill(int n, double value, double* to) => new Span<double>(to, n * Step).Fill(value);

    public static void Copy(int n, double* from, double* to) =>
        new Span<double>(from, n * Step).CopyTo(new Span<double>(to, n * Step));

    /// <summary>A mask of those lanes of whose bits are set.</summary>
    public static V Mask(ulong bits) => V.FromBits(bits);
}

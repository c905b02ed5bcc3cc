using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Vector arithmetic on problems side by side: every number is a vector of lanes, and no lane depends on another.</summary>
internal static unsafe class Lanewise<V>
    where V : unmanaged, ILanes<V, double>
{
    private static int Step => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(double* x, int i) => V.Load(x + ((long)i * V.Count));

    /// <summary>xᵢ ← value in the lanes of a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(V mask, V value, double* x, int i)
    {
        double* to = x + ((long)i * V.Count);
        V.Store(V.Select(mask, value, V.Load(to)), to);
    }

    /// <summary>
    /// How many vectors of neighbouring elements there are where a number is one problem's alone: they go through the same loops as lanes of
    /// four problems do.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Wide(int n) => V.Count == 1 && Vector256.IsHardwareAccelerated ? n / 4 : 0;

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Dot(int n, double* x, double* y)
    {
        if (Wide(n) is > 0 and var wide)
        {
            double sum = Lanes256<double>.Sum(Lanewise<Lanes256<double>>.Dot(wide, x, y));
            return V.Broadcast(sum) + Dot(n % 4, x + (4 * wide), y + (4 * wide));
        }
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
        if (Wide(n) is > 0 and var wide)
        {
            largest = Reduced(Lanewise<Lanes256<double>>.Largest(wide, x));
            n %= 4;
            x += 4 * wide;
        }
        for (int i = 0; i < n; i++, x += Step)
            largest = V.Max(largest, V.Abs(V.Load(x)));
        return largest;
    }

    /// <summary>max |x|/|unit|, NaN if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V LargestOver(int n, double* x, double* unit)
    {
        V largest = V.Of(0.0);
        if (Wide(n) is > 0 and var wide)
        {
            largest = Reduced(Lanewise<Lanes256<double>>.LargestOver(wide, x, unit));
            n %= 4;
            x += 4 * wide;
            unit += 4 * wide;
        }
        for (int i = 0; i < n; i++, x += Step, unit += Step)
            largest = V.Max(largest, V.Abs(V.Load(x)) / V.Load(unit));
        return largest;
    }

    /// <summary>y ← y + a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int n, V a, double* x, double* y)
    {
        if (Wide(n) is > 0 and var wide)
        {
            Lanewise<Lanes256<double>>.Add(wide, Lanes256<double>.Broadcast(V.First(a)), x, y);
            n %= 4;
            x += 4 * wide;
            y += 4 * wide;
        }
        for (int i = 0; i < n; i++, x += Step, y += Step)
            V.Store(V.MultiplyAdd(a, V.Load(x), V.Load(y)), y);
    }

    /// <summary>to ← a·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(int n, V a, double* x, double* to)
    {
        if (Wide(n) is > 0 and var wide)
        {
            Lanewise<Lanes256<double>>.Scale(wide, Lanes256<double>.Broadcast(V.First(a)), x, to);
            n %= 4;
            x += 4 * wide;
            to += 4 * wide;
        }
        for (int i = 0; i < n; i++, x += Step, to += Step)
            V.Store(a * V.Load(x), to);
    }

    /// <summary>to ← x∘y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int n, double* x, double* y, double* to)
    {
        for (int i = 0; i < n; i++, x += Step, y += Step, to += Step)
            V.Store(V.Load(x) * V.Load(y), to);
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

    private static V Reduced(Lanes256<double> largest)
    {
        double* parts = (double*)&largest;
        return V.Broadcast(Math.Max(Math.Max(parts[0], parts[1]), Math.Max(parts[2], parts[3])));
    }
}

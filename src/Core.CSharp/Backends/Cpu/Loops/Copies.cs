using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>Loops that move and convert elements without computing on them.</summary>
internal static unsafe class Copies
{
    /// <summary>y[i] = x[i·step]; a step of 0 repeats an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T>(T* x, nint step, T* y, nint n)
        where T : unmanaged
    {
        if (step == 1)
            Buffer.MemoryCopy(x, y, n * sizeof(T), n * sizeof(T));
        else if (step == 0 && n > 0)
            new Span<T>(y, (int)n).Fill(*x);
        else
        {
            for (nint i = 0; i < n; i++, x += step)
                y[i] = *x;
        }
    }

    /// <summary>y[i·step] = x[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(T* x, T* y, nint step, nint n)
        where T : unmanaged
    {
        if (step == 1)
            Buffer.MemoryCopy(x, y, n * sizeof(T), n * sizeof(T));
        else
        {
            for (nint i = 0; i < n; i++, y += step)
                *y = x[i];
        }
    }

    /// <summary>Conversion: floating point to integers truncates towards zero and saturates, NaN gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Cast<TFrom, TTo>(TFrom* x, TTo* y, nint n)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        nint i = 0;
        if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(double))
            i = Widen((float*)x, (double*)y, n);
        else if (typeof(TFrom) == typeof(double) && typeof(TTo) == typeof(float))
            i = Narrow((double*)x, (float*)y, n);
        for (; i < n; i++)
            y[i] = TTo.CreateSaturating(x[i]);
    }

    /// <summary>1 where x ≠ 0 (NaN included), else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToBool<T>(T* x, byte* y, nint n)
        where T : unmanaged, INumber<T>
    {
        for (nint i = 0; i < n; i++)
            y[i] = T.IsZero(x[i]) ? (byte)0 : (byte)1;
    }

    private static nint Widen(float* x, double* y, nint n)
    {
        nint i = 0;
        for (; i + Vector512<float>.Count <= n; i += Vector512<float>.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Load(x + i));
            low.Store(y + i);
            high.Store(y + i + Vector512<double>.Count);
        }
        return i;
    }

    private static nint Narrow(double* x, float* y, nint n)
    {
        nint i = 0;
        for (; i + Vector512<float>.Count <= n; i += Vector512<float>.Count)
        {
            Vector512<double> low = Vector512.Load(x + i);
            Vector512.Narrow(low, Vector512.Load(x + i + Vector512<double>.Count)).Store(y + i);
        }
        return i;
    }
}

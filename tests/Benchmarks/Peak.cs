using System.Diagnostics;
using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Benchmarks;

/// <summary>The most floating-point operations a second that one core does: independent chains of multiply-adds in registers.</summary>
internal static class Peak
{
    private const int Rounds = 20_000;
    private const int Chains = 12;
    private const int Bursts = 200;

    /// <summary>
    /// The best of many short bursts: what slows one down is other work on the machine, and nothing makes one too fast. Measured
    /// anew at each call, because the clock changes as a processor warms up.
    /// </summary>
    public static double Flops(DType dtype)
    {
        var measuring = new Measuring(dtype);
        VectorWidth.Run(measuring);
        return measuring.Flops;
    }

    private sealed class Measuring(DType dtype) : IVectorWork
    {
        public double Flops { get; private set; }

        void IVectorWork.Run<D, F, L, B>() => Flops = dtype == DType.Float32 ? Measure<F>() : Measure<D>();
    }

    private static double Measure<V>()
        where V : unmanaged, ILanes<V>
    {
        double best = double.PositiveInfinity;
        for (int burst = 0; burst < Bursts; burst++)
        {
            long start = Stopwatch.GetTimestamp();
            _ = Run<V>();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Chains * V.Count * Rounds / best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Run<V>()
        where V : unmanaged, ILanes<V>
    {
        V x = V.Of(0.999);
        V a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x,
            i = x,
            j = x,
            k = x,
            l = x;
        for (int round = 0; round < Rounds; round++)
        {
            a = V.MultiplyAdd(a, x, x);
            b = V.MultiplyAdd(b, x, x);
            c = V.MultiplyAdd(c, x, x);
            d = V.MultiplyAdd(d, x, x);
            e = V.MultiplyAdd(e, x, x);
            f = V.MultiplyAdd(f, x, x);
            g = V.MultiplyAdd(g, x, x);
            h = V.MultiplyAdd(h, x, x);
            i = V.MultiplyAdd(i, x, x);
            j = V.MultiplyAdd(j, x, x);
            k = V.MultiplyAdd(k, x, x);
            l = V.MultiplyAdd(l, x, x);
        }
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}

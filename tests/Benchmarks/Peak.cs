using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Benchmarks;

/// <summary>The most floating-point operations a second that one core does: independent chains of multiply-adds in registers.</summary>
internal static class Peak
{
    private const int Rounds = 20_000;
    private static readonly Dictionary<DType, double> Known = [];

    public static double Flops(DType dtype)
    {
        if (!Known.TryGetValue(dtype, out double flops))
            Known[dtype] = flops = dtype == DType.Float32 ? Measure<float>() : Measure<double>();
        return flops;
    }

    private static double Measure<T>()
        where T : unmanaged, INumber<T> =>
        Vector512.IsHardwareAccelerated
            ? 2.0 * 12 * Vector512<T>.Count * Rounds / Case.Median(() => Chains512<T>())
            : 2.0 * 12 * Vector256<T>.Count * Rounds / Case.Median(() => Chains256<T>());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<T> Chains512<T>()
        where T : unmanaged, INumber<T>
    {
        Vector512<T> x = Vector512.Create(T.CreateTruncating(0.999));
        Vector512<T> a = x,
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
            a = Step(a, x);
            b = Step(b, x);
            c = Step(c, x);
            d = Step(d, x);
            e = Step(e, x);
            f = Step(f, x);
            g = Step(g, x);
            h = Step(h, x);
            i = Step(i, x);
            j = Step(j, x);
            k = Step(k, x);
            l = Step(l, x);
        }
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<T> Chains256<T>()
        where T : unmanaged, INumber<T>
    {
        Vector256<T> x = Vector256.Create(T.CreateTruncating(0.999));
        Vector256<T> a = x,
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
            a = Step(a, x);
            b = Step(b, x);
            c = Step(c, x);
            d = Step(d, x);
            e = Step(e, x);
            f = Step(f, x);
            g = Step(g, x);
            h = Step(h, x);
            i = Step(i, x);
            j = Step(j, x);
            k = Step(k, x);
            l = Step(l, x);
        }
        return a + b + c + d + e + f + g + h + i + j + k + l;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Step<T>(Vector512<T> a, Vector512<T> x)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), x.AsSingle(), x.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), x.AsDouble(), x.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Step<T>(Vector256<T> a, Vector256<T> x)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.AsSingle(), x.AsSingle(), x.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.AsDouble(), x.AsDouble(), x.AsDouble()).As<double, T>();
}

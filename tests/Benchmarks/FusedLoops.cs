using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>k. One fused elementwise kernel beside the same loop written by hand with vectors: dear (tanh), and cheap with many inputs (rk).</summary>
internal static class FusedLoops
{
    public const int Stages = 6;
    public static readonly int[] Lengths = [16, 100, 1000, 100_000];

    public static IEnumerable<Case> All =>
        Lengths.SelectMany(n => new[] { Tanh<double>(n), Tanh<float>(n), RungeKutta<double>(n), RungeKutta<float>(n) });

    private static Case Tanh<T>(int length)
        where T : unmanaged =>
        Fused<T>("k.tanh", length, inputs: 1, x => Tensor.Tanh((x[0] * 1.5) + 0.25) * 2.0, HandWrittenTanh);

    private static Case RungeKutta<T>(int length)
        where T : unmanaged =>
        Fused<T>("k.rk", length, Stages + 1, x => x[^1] + (0.01 * Combination(x)), HandWrittenRungeKutta);

    private static Tensor Combination(Tensor[] x) =>
        Enumerable.Range(1, Stages - 1).Aggregate(x[0] * Weight(0), (sum, i) => sum + (x[i] * Weight(i)));

    /// <summary>What a stage counts in the combination.</summary>
    public static double Weight(int stage) => 0.1 + (0.2 * stage);

    public static Tensor[] Inputs(int count, int length, DType dtype) =>
        [.. Enumerable.Range(1, count).Select(i => Uniform.Of([length], (ulong)i, -1.0, 1.0, dtype))];

    private static Case Fused<T>(
        string name,
        int length,
        int inputs,
        Func<Tensor[], Tensor> f,
        Action<Buffer[], Buffer> byHand
    )
        where T : unmanaged
    {
        DType dtype = typeof(T) == typeof(double) ? DType.Float64 : DType.Float32;
        var types = Enumerable.Repeat(new TensorType(dtype, [length]), inputs);
        var compiled = CompiledFunction.For(Function.TraceClosed("benchmark", [.. types], x => [f(x)]));
        Buffer[] arguments = Array.ConvertAll(Inputs(inputs, length, dtype), Reading.Force);
        Buffer[] results = compiled.AllocateResults();
        return new Case(
            name,
            $"{length} {dtype.Name}",
            "",
            () => compiled.Run(arguments, results),
            _ => [(Measurement.Floor, Case.Median(() => byHand(arguments, results[0])))]
        );
    }

    private static void HandWrittenTanh(Buffer[] x, Buffer y)
    {
        if (y.DType == DType.Float64)
            TanhLoop<Lanes512<double>, double>(x[0], y);
        else
            TanhLoop<Lanes512<float>, float>(x[0], y);
    }

    private static void HandWrittenRungeKutta(Buffer[] x, Buffer y)
    {
        if (y.DType == DType.Float64)
            RungeKuttaLoop<Lanes512<double>, double>(x, y);
        else
            RungeKuttaLoop<Lanes512<float>, float>(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TanhLoop<V, T>(Buffer source, Buffer target)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        T* x = (T*)((HostBuffer)source).Pointer;
        T* y = (T*)((HostBuffer)target).Pointer;
        V a = V.Of(1.5);
        V b = V.Of(0.25);
        V c = V.Of(2.0);
        for (nint i = 0; i < target.Length; i += V.Count)
        {
            nint left = target.Length - i;
            V value = Lane.Load<V, T>(x + i, left);
            Lane.Store(Exponential.Tanh(V.MultiplyAdd(a, value, b)) * c, y + i, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void RungeKuttaLoop<V, T>(Buffer[] sources, Buffer target)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        T* k1 = (T*)((HostBuffer)sources[0]).Pointer;
        T* k2 = (T*)((HostBuffer)sources[1]).Pointer;
        T* k3 = (T*)((HostBuffer)sources[2]).Pointer;
        T* k4 = (T*)((HostBuffer)sources[3]).Pointer;
        T* k5 = (T*)((HostBuffer)sources[4]).Pointer;
        T* k6 = (T*)((HostBuffer)sources[5]).Pointer;
        T* y0 = (T*)((HostBuffer)sources[6]).Pointer;
        T* y = (T*)((HostBuffer)target).Pointer;
        V w1 = V.Of(Weight(0));
        V w2 = V.Of(Weight(1));
        V w3 = V.Of(Weight(2));
        V w4 = V.Of(Weight(3));
        V w5 = V.Of(Weight(4));
        V w6 = V.Of(Weight(5));
        V h = V.Of(0.01);
        nint i = 0;
        for (; i + V.Count <= target.Length; i += V.Count)
        {
            V sum = V.Load(k1 + i) * w1;
            sum = V.MultiplyAdd(V.Load(k2 + i), w2, sum);
            sum = V.MultiplyAdd(V.Load(k3 + i), w3, sum);
            sum = V.MultiplyAdd(V.Load(k4 + i), w4, sum);
            sum = V.MultiplyAdd(V.Load(k5 + i), w5, sum);
            sum = V.MultiplyAdd(V.Load(k6 + i), w6, sum);
            V.Store(V.MultiplyAdd(h, sum, V.Load(y0 + i)), y + i);
        }
        if (i < target.Length)
        {
            int left = (int)(target.Length - i);
            V sum = V.LoadPart(k1 + i, left) * w1;
            sum = V.MultiplyAdd(V.LoadPart(k2 + i, left), w2, sum);
            sum = V.MultiplyAdd(V.LoadPart(k3 + i, left), w3, sum);
            sum = V.MultiplyAdd(V.LoadPart(k4 + i, left), w4, sum);
            sum = V.MultiplyAdd(V.LoadPart(k5 + i, left), w5, sum);
            sum = V.MultiplyAdd(V.LoadPart(k6 + i, left), w6, sum);
            V.StorePart(V.MultiplyAdd(h, sum, V.LoadPart(y0 + i, left)), y + i, left);
        }
    }
}

using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>k. What a call costs, and Lotka–Volterra beside a scalar solver written by hand.</summary>
internal static class EngineFloor
{
    public static IEnumerable<Case> All => [Planned(), Compiled(), Retraced(), .. LotkaVolterra()];

    /// <summary>What a solver calls: buffers in, buffers out.</summary>
    private static Case Planned()
    {
        Function chain = Function.TraceClosed("benchmark", [new TensorType(DType.Float64, [16])], x => [Chain(x[0])]);
        var compiled = CompiledFunction.For(chain);
        Buffer[] arguments = [Reading.Force(Uniform.Of([16], 1, 0.0, 1.0))];
        Buffer[] results = compiled.AllocateResults();
        return Calls("compiled", () => compiled.Run(arguments, results));
    }

    /// <summary>What a user calls: a tensor in, a new tensor out.</summary>
    private static Case Compiled()
    {
        Tensor x = Uniform.Of([16], 1, 0.0, 1.0);
        Func<Tensor, Tensor> chain = Functions.Compile<Tensor, Tensor>(Chain);
        return Calls("compile f", () => chain(x));
    }

    private static Case Retraced()
    {
        Tensor x = Uniform.Of([16], 1, 0.0, 1.0);
        return Calls("re-traced", () => Reading.Force(Chain(x)));
    }

    private static Case Calls(string how, Action call) =>
        new("k.calls", $"30 nodes, 16 elements, {how}", "", call, _ => [("bytes", BytesOf(call))]);

    private static IEnumerable<Case> LotkaVolterra()
    {
        Tensor y0 = Tensor.Of(1.0, 1.0);
        Tensor span = Tensor.Of(0.0, 10.0);
        var options = new OdeOptions { RelativeTolerance = 1e-6, AbsoluteTolerance = 1e-8 };
        Func<Tensor, Tensor> solve = start => Ode.Integrate(Trajectories.LotkaVolterra, span, start, options);
        Func<Tensor, Tensor> compiled = Functions.Compile(solve);
        Func<Tensor> front = FrontSolve.Of(Trajectories.LotkaVolterra, span, y0, 1e-6, 1e-8);
        yield return Solve("traced in each call", "dopri5", () => solve(y0));
        yield return Solve("traced in each call", "dopri5 from F#", () => front());
        yield return Solve("compiled", "dopri5", () => compiled(y0));
    }

    private static Case Solve(string how, string method, Action solve) =>
        new(
            "k.lv",
            how,
            method,
            solve,
            _ => [(Measurement.Floor, Case.Median(() => HandWrittenPair.LotkaVolterra(1e-6, 1e-8)))]
        );

    /// <summary>Bytes on the managed heap of one call.</summary>
    private static double BytesOf(Action call)
    {
        const int Calls = 1000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
            call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }

    /// <summary>Thirty elementwise operations.</summary>
    private static Tensor Chain(Tensor x)
    {
        Tensor y = x;
        for (int i = 0; i < 10; i++)
            y = ((y * x) + x) * 0.5;
        return y;
    }
}

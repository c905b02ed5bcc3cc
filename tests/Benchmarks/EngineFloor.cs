using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>k. What a call costs, and Lotka–Volterra beside a scalar solver written by hand.</summary>
internal static class EngineFloor
{
    public static IEnumerable<Case> All => [Compiled(), Retraced(), LotkaVolterra()];

    private static Case Compiled()
    {
        Function chain = Function.TraceClosed("benchmark", [new TensorType(DType.Float64, [16])], x => [Chain(x[0])]);
        var compiled = CompiledFunction.For(chain);
        Buffer[] arguments = [Reading.Force(Uniform.Of([16], 1, 0.0, 1.0))];
        Buffer[] results = compiled.AllocateResults();
        return new Case(
            "k.calls",
            "30 nodes, 16 elements, compiled",
            "",
            () => compiled.Run(arguments, results),
            _ => []
        );
    }

    private static Case Retraced()
    {
        Tensor x = Uniform.Of([16], 1, 0.0, 1.0);
        return new Case("k.calls", "30 nodes, 16 elements, re-traced", "", () => Reading.Force(Chain(x)), _ => []);
    }

    private static Case LotkaVolterra()
    {
        Tensor y0 = Tensor.Of(1.0, 1.0);
        Tensor span = Tensor.Of(0.0, 10.0);
        var options = new OdeOptions { RelativeTolerance = 1e-6, AbsoluteTolerance = 1e-8 };
        return new Case(
            "k.lv",
            "traced in each call",
            "dopri5",
            () => Ode.Integrate(Trajectories.LotkaVolterra, span, y0, options),
            _ => [(Measurement.Floor, Case.Median(() => HandWritten.LotkaVolterra(1e-6, 1e-8)))]
        );
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

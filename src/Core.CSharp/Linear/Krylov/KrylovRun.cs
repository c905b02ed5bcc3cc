using System.Numerics;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>Runs a Krylov method: (b, start if there is one, captures) → (x, and the report if it is wanted).</summary>
internal sealed record KrylovRun(LinearSolveOp Op, bool KeepsReport) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        LinearReport report =
            inputs[0].DType == DType.Float32 ? Solve<float>(inputs, outputs[0]!) : Solve<double>(inputs, outputs[0]!);
        if (!report.IsSuccess && !Op.Reports)
            throw new SolveException($"[{Op.Title}] {report.Message}");
        if (KeepsReport)
            outputs[1]!.Write<double>(report.Numbers);
    }

    private LinearReport Solve<T>(ReadOnlySpan<Buffer> inputs, Buffer solution)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<Buffer> captures = inputs[Op.FirstCapture..];
        using var driver = new KrylovDriver<T>(
            Op.Solver,
            Bind<T>(Op.Operator, captures)!,
            Op.Solver is LinearSolver.Lsmr ? Bind<T>(Op.Operator.Transposed, captures) : null,
            Bind<T>(Op.Left, captures),
            Bind<T>(Op.Right, captures),
            (inputs[0].Length, solution.Length)
        );
        LinearReport report = driver.Solve(inputs[0].Read<T>(), Op.HasStart ? inputs[1].Read<T>() : default);
        solution.Write<T>(driver.Solution);
        return report;
    }

    private static Product<T>? Bind<T>(LinearMap? map, ReadOnlySpan<Buffer> captures)
        where T : unmanaged => map is null ? null : new BoundMap<T>(map.Product, captures).Apply;
}

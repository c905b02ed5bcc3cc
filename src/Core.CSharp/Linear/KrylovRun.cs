using System.Globalization;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>
/// Runs a Krylov method: (b, captures) → x. The driver is one for all: a method improves x from the residual that the driver computes from x
/// itself, so success never rests on a recurrence.
/// </summary>
internal sealed record KrylovRun(LinearSolveOp Op) : IHostFunction
{
    /// <summary>A restart that takes off less than this part of the residual would need thousands more to gain a digit.</summary>
    private const double LeastGain = 1e-3;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        Buffer[] given = inputs.ToArray();
        var compiled = CompiledFunction.For(Op.Operator);
        Buffer[] product = compiled.AllocateResults();
        given[0] = Device.Cpu.Backend.Allocate(inputs[0].DType, inputs[0].Length);
        double[] b = Read(inputs[0]);
        Throw.Unless(
            Array.TrueForAll(Apply(new double[b.Length]), element => element is 0.0 or double.NaN),
            Op.Name,
            "the operator must be linear: it must map zero to zero",
            "one that does not"
        );
        Write(outputs[0]!, Solve(Apply, b, inputs[0].DType == DType.Float32 ? 1e-5 : 1e-10));

        double[] Apply(double[] x)
        {
            Write(given[0], x);
            compiled.Run(given, product);
            return Read(product[0]);
        }
    }

    private double[] Solve(Func<double[], double[]> apply, double[] b, double relative)
    {
        LinearSolver.Krylov method = Op.Solver;
        double tolerance = Math.Max(method.AbsoluteTolerance, (method.RelativeTolerance ?? relative) * Vectors.Norm(b));
        int limit = method.MaxSteps ?? Math.Max(100, 10 * b.Length);
        double[] x = new double[b.Length];
        double[] residual = [.. b];
        double norm = Vectors.Norm(b);
        int steps = 0;
        while (norm > tolerance)
        {
            if (steps >= limit)
                Fail("MaxSteps: the residual is still too large at the step limit", "more steps, or another method");
            KrylovCycle cycle = Improve(apply, residual, tolerance, limit - steps);
            steps += cycle.Steps;
            Vectors.Add(x, 1.0, cycle.Correction);
            double before = norm;
            residual = Vectors.Scaled(-1.0, apply(x));
            Vectors.Add(residual, 1.0, b);
            norm = Vectors.Norm(residual);
            if (norm > tolerance && !(norm < (1.0 - LeastGain) * before) && steps < limit)
                Stop(cycle.BrokeDown);
        }
        if (!double.IsFinite(norm))
            Stop(brokeDown: false);
        return x;

        void Stop(bool brokeDown)
        {
            if (!double.IsFinite(norm))
                Fail("NonFinite: the operator or b is not finite", "to check the values of b and of what A captures");
            if (brokeDown)
                Fail(
                    "Breakdown: the method cannot go on; A may be singular, or not what the method asks for",
                    "gmres or dense"
                );
            Fail("Stagnated: the residual no longer falls", "a longer restart, a wider tolerance, or dense");
        }

        void Fail(string what, string advice) =>
            throw new SolveException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[linearSolve] {what}. Residual {norm:g6} after {steps} steps, {tolerance:g6} allowed. Try {advice}."
                )
            );
    }

    private KrylovCycle Improve(Func<double[], double[]> apply, double[] residual, double tolerance, int budget) =>
        Op.Solver switch
        {
            LinearSolver.Cg => ConjugateGradients.Run(apply, residual, tolerance, budget),
            LinearSolver.Gmres gmres => GeneralisedMinimalResiduals.Run(
                apply,
                residual,
                tolerance,
                Math.Min(gmres.Restart, budget)
            ),
            _ => StabilisedBiconjugateGradients.Run(apply, residual, tolerance, Math.Max(budget, 2)),
        };

    private static double[] Read(Buffer buffer) =>
        buffer.DType == DType.Float32
            ? Array.ConvertAll(buffer.Read<float>().ToArray(), x => (double)x)
            : buffer.Read<double>().ToArray();

    private static void Write(Buffer buffer, double[] values)
    {
        if (buffer.DType == DType.Float32)
            buffer.Write<float>(Array.ConvertAll(values, x => (float)x));
        else
            buffer.Write<double>(values);
    }
}

using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>The minimisation of a traced function.</summary>
/// <param name="ValueAndGradient">(x [n], captures) → (f, ∇f).</param>
/// <param name="Curve">(x, v, captures) → ∇²f·v.</param>
/// <param name="Options">How.</param>
internal sealed record MinimiseProblem(Function ValueAndGradient, Function Curve, MinimiseOptions Options)
    : DescentProblem("minimise")
{
    public override (double[] X, SolveReport Report) Solve(Buffer start, ReadOnlySpan<Buffer> captures)
    {
        bool single = start.DType == DType.Float32;
        double relative = Options.RelativeTolerance ?? (single ? 1e-5 : 1e-11);
        double absolute = Options.AbsoluteTolerance ?? (single ? 1e-5 : 1e-10);
        var curve = new NumericFunction(Curve, captures);
        double largest = 0.0;
        return Descent.Run(
            new CompiledObjective(new NumericFunction(ValueAndGradient, captures)),
            Options.Method.Start((x, v) => curve.Run(x, v)[0]),
            Measure,
            Elements.ToDoubles(start),
            Options.MaxSteps
        );

        (double, double) Measure(Iterate at)
        {
            double size = Numbers.Largest(at.Gradient);
            largest = Math.Max(largest, size);
            // A start far away must not pass what is no minimum: no more than the size of the value itself.
            return (size, absolute + (relative * Math.Min(largest, 1.0 + Math.Abs(at.Value))));
        }
    }
}

using Implicit.Graph;
using Implicit.Solvers.Minimise;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.LeastSquares;

/// <summary>The minimisation of the sum of squares of traced residuals.</summary>
/// <param name="Linearise">(x [n], captures) → (r [m], J [m, n]).</param>
/// <param name="Options">How.</param>
internal sealed record LeastSquaresProblem(Function Linearise, LeastSquaresOptions Options)
    : DescentProblem("leastSquares")
{
    public override (double[] X, SolveReport Report) Solve(Buffer start, ReadOnlySpan<Buffer> captures)
    {
        bool single = start.DType == DType.Float32;
        double relative = Options.RelativeTolerance ?? (single ? 1e-4 : 1e-10);
        double absolute = Options.AbsoluteTolerance ?? (single ? 1e-6 : 1e-12);
        var residuals = new CompiledResiduals(new NumericFunction(Linearise, captures));
        int m = Linearise.Results[0].Length;
        return Descent.Run(
            residuals,
            Options.Method.Start(new StepSolves(start.DType, m, start.Length)),
            Measure,
            Elements.ToDoubles(start),
            Options.MaxSteps
        );

        // What rounding of x does to the residuals cannot be taken off.
        (double, double) Measure(Iterate at)
        {
            var here = (ResidualIterate)at;
            double[] norms = here.ColumnNorms();
            double size = 0.0;
            double rounding = 0.0;
            for (int j = 0; j < norms.Length; j++)
            {
                size = Math.Max(size, norms[j] > 0.0 ? Math.Abs(here.Gradient[j]) / norms[j] : 0.0);
                rounding += norms[j] * Math.Abs(here.X[j]);
            }
            return (size, absolute + (relative * Numbers.Norm(here.Residuals)) + (residuals.Rounding * rounding));
        }
    }
}

using Implicit.Graph;
using Implicit.Solvers.Minimise;

namespace Implicit.Solvers.LeastSquares;

/// <summary>The linear least squares problems of one step, compiled. A solution is in memory that the next one takes.</summary>
/// <param name="type">The element type.</param>
/// <param name="m">The number of residuals.</param>
/// <param name="n">The number of unknowns.</param>
internal sealed class StepSolves(DType type, int m, int n)
{
    private readonly Lazy<NumericFunction> full = new(() => new(FullStep(type, m, n), []));
    private readonly Lazy<NumericFunction> damped = new(() => new(DampedStep(type, m, n), []));

    /// <summary>The number of unknowns.</summary>
    public int Unknowns => n;

    /// <summary>−J⁺·r; null if J has dependent columns (rows, if it is wide).</summary>
    public double[]? Full(double[] jacobian, double[] residuals)
    {
        try
        {
            return full.Value.Run(jacobian, residuals)[0];
        }
        catch (Exception error) when (SolveException.TellsFailure(error))
        {
            return null;
        }
    }

    /// <summary>The p that minimises ‖r + J·p‖² + ‖W·p‖² for positive weights W.</summary>
    public double[] Damped(double[] jacobian, double[] residuals, double[] weights) =>
        damped.Value.Run(jacobian, residuals, weights)[0];

    private static Function FullStep(DType type, int m, int n) =>
        Function.TraceClosed(
            "leastSquares",
            [new TensorType(type, [m, n]), new TensorType(type, [m])],
            all => [LinearOperator.Dense(all[0]).Inverse().Apply(-all[1])]
        );

    private static Function DampedStep(DType type, int m, int n) =>
        Function.TraceClosed(
            "leastSquares",
            [new TensorType(type, [m, n]), new TensorType(type, [m]), new TensorType(type, [n])],
            all =>
                [
                    Tensor.Lstsq(
                        Tensor.Concat([all[0], Tensor.Diag(all[2])], 0),
                        Tensor.Concat([-all[1], Tensor.ZerosLike(all[2])], 0)
                    ),
                ]
        );
}

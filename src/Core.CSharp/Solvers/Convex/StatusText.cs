using System.Globalization;

namespace Implicit.Solvers.Convex;

/// <summary>What an item's status says: what happened, how near it came, what to try.</summary>
internal static class StatusText
{
    /// <summary>Reads a row of the report.</summary>
    public static string Of(ReadOnlySpan<double> report, QpOptions options)
    {
        var status = (QpStatus)(int)report[0];
        string residuals =
            $"primal residual {N(report[2])}, dual residual {N(report[3])}, gap {N(report[4])} after {N(report[1])} steps";
        return status switch
        {
            QpStatus.Solved => $"Solved: {residuals}.",
            QpStatus.AlmostSolved =>
                $"AlmostSolved: {residuals}, {N(options.AbsoluteTolerance)} allowed. Accept it by way of solve, widen "
                    + "AbsoluteTolerance, or scale the data.",
            QpStatus.PrimalInfeasible =>
                "PrimalInfeasible: no x meets the constraints; the duals are a proof. Relax the constraints whose duals are not zero, "
                    + "or give them slack variables with a cost.",
            QpStatus.DualInfeasible =>
                "DualInfeasible: the objective has no lower bound; x is a direction along which it falls for ever. Add bounds or a "
                    + "quadratic term.",
            QpStatus.MaxIterations =>
                $"MaxIterations: {residuals}, {N(options.AbsoluteTolerance)} allowed. Raise MaxSteps or widen AbsoluteTolerance.",
            QpStatus.NumericalError =>
                $"NumericalError: rounding stopped the solver at {residuals}. Scale the data so that their sizes are alike, or widen "
                    + "AbsoluteTolerance.",
            QpStatus.NonConvex =>
                "NonConvex: P is not positive semidefinite. Check its sign. Descents (minimise) find local minima of what is not convex, with constraints as terms of the objective.",
            _ => "InvalidData: the data hold NaN, or an infinity where none may be. Check where they come from.",
        };
    }

    private static string N(double x) => x.ToString("g6", CultureInfo.InvariantCulture);
}

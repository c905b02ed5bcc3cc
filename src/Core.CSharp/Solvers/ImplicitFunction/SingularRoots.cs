using Implicit.Control;
using Implicit.Graph;

namespace Implicit.Solvers;

/// <summary>
/// Tells of roots at which ∂F/∂z is singular. An excess that is NaN, or cannot be computed, does not tell that it is; a derivative there, which needs to know
/// that it is not, is an error (<see cref="RootJacobian"/>).
/// </summary>
internal static class SingularRoots
{
    /// <summary>The reports, which now say of each item that is solved whether its root is singular.</summary>
    /// <param name="excess">(z, captures) → more than 0 at a singular root, of one item.</param>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="point">The solution and the captures.</param>
    /// <param name="reports">How each item ended.</param>
    public static SolveReport[] Tell(Function excess, ItemAxis? items, Tensor[] point, SolveReport[] reports)
    {
        bool[] found = items is null ? [IsSingular(excess, point)] : Each(excess, items, point, reports);
        return [.. reports.Select((report, i) => report with { IsSingular = report.IsSuccess && found[i] })];
    }

    /// <summary>All at once; where one cannot be computed, each by itself.</summary>
    private static bool[] Each(Function excess, ItemAxis items, Tensor[] point, SolveReport[] reports)
    {
        try
        {
            return Array.ConvertAll(
                Tensor.Cast(items.Map(excess, 1, items.Size).Apply(point)[0], DType.Float64).ToArray(),
                item => item > 0.0
            );
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            return
            [
                .. reports.Select((report, i) => report.IsSuccess && IsSingular(excess, items.Item(point, own: 1, i))),
            ];
        }
    }

    private static bool IsSingular(Function excess, Tensor[] point)
    {
        try
        {
            return Tensor.Cast(excess.Apply(point)[0], DType.Float64).ToDouble() > 0.0;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            // What failed otherwise, such as a solve within F, tells nothing.
            return SolveException.TellsSingular(error);
        }
    }
}

namespace Implicit.Solvers;

/// <summary>
/// How much a matrix J of derivatives changes over the distance δ that is left between a point that was found and the solution: where J is regular at the
/// solution, hardly.
/// </summary>
internal static class Change
{
    /// <summary>How much it may change, relative to itself along δ.</summary>
    public const double Most = 0.1;

    /// <summary>‖J(z + δ)·δ − J(z)·δ‖ / ‖J(z)·δ‖; where there is no distance, no change.</summary>
    /// <param name="there">J(z + δ)·δ.</param>
    /// <param name="here">J(z)·δ.</param>
    public static Tensor Of(Tensor there, Tensor here)
    {
        Tensor size = Tensor.ScaledNorm(here);
        return Tensor.ScaledNorm(there - here) / Tensor.Where(size > 0.0, size, 1.0);
    }
}

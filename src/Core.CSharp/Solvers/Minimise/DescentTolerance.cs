namespace Implicit.Solvers.Minimise;

/// <summary>What is allowed for the measure of a minimum: absolute + relative·scale.</summary>
/// <param name="Relative">The part relative to a scale.</param>
/// <param name="Absolute">The part in the measure's units.</param>
internal sealed record DescentTolerance(double Relative, double Absolute)
{
    /// <summary>What is allowed at a scale.</summary>
    public Tensor At(Tensor scale) => Absolute + (Relative * scale);
}

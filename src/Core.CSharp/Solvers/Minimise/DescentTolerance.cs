using Implicit.Shapes;

namespace Implicit.Solvers.Minimise;

/// <summary>What is allowed for the measure of a minimum: absolute + relative·scale.</summary>
/// <param name="Relative">The part relative to a scale.</param>
/// <param name="Absolute">The part in the measure's units.</param>
internal sealed record DescentTolerance(double Relative, double Absolute)
{
    /// <summary>Checks what the options of a descent have in common.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="relative">The relative tolerance; by element type if null.</param>
    /// <param name="absolute">The absolute tolerance; by element type if null.</param>
    /// <param name="standard">The tolerances of the element type.</param>
    public static DescentTolerance Of(string name, double? relative, double? absolute, DescentTolerance standard)
    {
        Throw.Unless(
            !(relative < 0.0) && !(absolute < 0.0),
            name,
            "the tolerances must not be negative",
            $"{relative} and {absolute}"
        );
        return new(relative ?? standard.Relative, absolute ?? standard.Absolute);
    }

    /// <summary>What is allowed at a scale.</summary>
    public Tensor At(Tensor scale) => Absolute + (Relative * scale);
}

namespace Implicit;

/// <summary>
/// A convex quadratic program, min ½x'Px + q'x subject to A·x = b, G·x ≤ h, lower ≤ x ≤ upper. Every datum may have batch axes in
/// front, which broadcast: one without them is shared by all items. Absent parts are null.
/// </summary>
/// <remarks>Convention of duals: L = ½x'Px + q'x + y'(Ax − b) + z'(Gx − h) + z_lower'(lower − x) + z_upper'(x − upper), all z ≥ 0.</remarks>
/// <param name="Q">q, […, n]: the linear term.</param>
public sealed record QuadraticProgram(Tensor Q)
{
    /// <summary>P, […, n, n]: its symmetric part (P + P')/2 counts and must be positive semidefinite. A linear program if null.</summary>
    public Tensor? P { get; init; }

    /// <summary>A, […, p, n]: the matrix of the equalities.</summary>
    public Tensor? A { get; init; }

    /// <summary>b, […, p]: the right side of the equalities.</summary>
    public Tensor? B { get; init; }

    /// <summary>G, […, m, n]: the matrix of the inequalities.</summary>
    public Tensor? G { get; init; }

    /// <summary>h, […, m]: the right side of the inequalities; one of 1e19 or more, times the largest element of its row where that is above 1, is no constraint.</summary>
    public Tensor? H { get; init; }

    /// <summary>Lower bounds of x, […, n]; one of −1e19 or less is none.</summary>
    public Tensor? Lower { get; init; }

    /// <summary>Upper bounds of x, […, n]; one of 1e19 or more is none. Equal to the lower bound it fixes the variable.</summary>
    public Tensor? Upper { get; init; }
}

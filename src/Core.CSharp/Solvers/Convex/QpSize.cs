namespace Implicit.Solvers.Convex;

/// <summary>The extents of a quadratic program and which parts it has.</summary>
/// <param name="N">Variables.</param>
/// <param name="P">Equalities.</param>
/// <param name="M">General inequalities.</param>
/// <param name="IsQuadratic">Whether there is a matrix P.</param>
/// <param name="HasLower">Whether there are lower bounds.</param>
/// <param name="HasUpper">Whether there are upper bounds.</param>
internal readonly record struct QpSize(int N, int P, int M, bool IsQuadratic, bool HasLower, bool HasUpper)
{
    /// <summary>Rows of the cone: general inequalities, lower bounds −x ≤ −lower, upper bounds x ≤ upper.</summary>
    public int Rows => M + LowerRows + UpperRows;

    public int LowerRows => HasLower ? N : 0;

    public int UpperRows => HasUpper ? N : 0;

    /// <summary>Unknowns of the optimality conditions: x, y, z.</summary>
    public int Total => N + P + Rows;
}

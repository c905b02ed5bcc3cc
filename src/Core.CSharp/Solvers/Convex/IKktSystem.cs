namespace Implicit.Solvers.Convex;

/// <summary>A system K·u = r of problems side by side, and a factor of something near K.</summary>
internal unsafe interface IKktSystem
{
    /// <summary>Unknowns of one problem.</summary>
    int Total { get; }

    /// <summary>Solves as well as the factor allows.</summary>
    void SolveRoughly(double* r, double* u);

    /// <summary>e ← r − K·u.</summary>
    void Residual(double* r, double* u, double* e);
}

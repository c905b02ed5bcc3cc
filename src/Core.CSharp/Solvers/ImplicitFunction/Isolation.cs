namespace Implicit.Solvers;

/// <summary>What an exact derivative first asks of the solution: that it is isolated, for otherwise it has no derivative.</summary>
internal enum Isolation
{
    /// <summary>Nothing: least squares allow for a singular matrix, a report for a failure, and a contraction has a regular one.</summary>
    Unasked,

    /// <summary>∂F/∂z is regular there (<see cref="RootJacobian"/>).</summary>
    OfRoot,

    /// <summary>∂F/∂z, of a gradient F, is positive definite there (<see cref="Minimise.MinimumHessian"/>).</summary>
    OfMinimum,
}

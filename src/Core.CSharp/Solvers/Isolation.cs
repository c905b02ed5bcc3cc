namespace Implicit.Solvers;

/// <summary>What an exact derivative first asks of the solution: that it is isolated, for otherwise it has no derivative.</summary>
internal enum Isolation
{
    /// <summary>Nothing: it would cost about as much as the derivative.</summary>
    Unasked,

    /// <summary>∂F/∂z is regular there (<see cref="RootJacobian"/>).</summary>
    OfRoot,

    /// <summary>∂F/∂z, of a gradient F, is positive definite there (<see cref="Minimise.MinimumHessian"/>).</summary>
    OfMinimum,
}

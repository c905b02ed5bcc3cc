namespace Implicit.Solvers;

/// <summary>How a solution z of inputs (start, captures) is differentiated.</summary>
internal interface IImplicitRule
{
    /// <summary>The tangent of the solution; null if it does not move.</summary>
    Tensor? Tangent(Tensor z, Tensor[] inputs, ReadOnlySpan<Tensor?> tangents);

    /// <summary>The cotangents of the inputs that are needed; null is zero.</summary>
    Tensor?[] Cotangent(Tensor z, Tensor[] inputs, Tensor cotangent, ReadOnlySpan<bool> needed);
}

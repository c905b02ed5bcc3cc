using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// Orthogonalisation by the classical Gram–Schmidt process, whose products with the basis do not wait for each other, a second time where
/// cancellation leaves less than a tenth: H. Rutishauser's test, in J. Daniel, W. Gragg, L. Kaufman and G. Stewart, Math. Comp. 30 (1976),
/// section 3. The basis is then orthogonal to ten times the rounding.
/// </summary>
internal static class GramSchmidt
{
    /// <summary>What must be left of a vector's norm if one pass is to be enough.</summary>
    private const double Enough = 0.1;

    /// <summary>Makes a vector orthogonal to the first vectors of an orthonormal basis.</summary>
    /// <param name="vector">The vector; what is left of it afterwards, not normalised.</param>
    /// <param name="basis">The basis.</param>
    /// <param name="column">Receives the components along the basis, whose number it tells, and last the norm of what is left.</param>
    /// <returns>The norm of the vector as it was.</returns>
    public static double Orthogonalise<T>(Span<T> vector, KrylovVectors<T> basis, Span<double> column)
        where T : unmanaged, INumber<T>
    {
        double size = Vectors.Norm<T>(vector);
        Span<double> components = column[..^1];
        components.Clear();
        column[^1] = Pass(vector, basis, components);
        if (column[^1] < Enough * size)
            column[^1] = Pass(vector, basis, components);
        return size;
    }

    private static double Pass<T>(Span<T> vector, KrylovVectors<T> basis, Span<double> components)
        where T : unmanaged, INumber<T>
    {
        Span<double> found =
            components.Length <= 64 ? stackalloc double[components.Length] : new double[components.Length];
        Vectors.DotAll(vector, basis, found);
        for (int i = 0; i < found.Length; i++)
        {
            components[i] += found[i];
            found[i] = -found[i];
        }
        Vectors.AddAll(vector, found, basis);
        return Vectors.Norm<T>(vector);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>Up to so many numbers have room on the stack.</summary>
    private const int Most = 64;

    /// <summary>Vectors of smaller norms have components that float32 holds too.</summary>
    private const double Harmless = 1e38;

    /// <summary>Makes a vector orthogonal to those before it, which are orthonormal.</summary>
    /// <param name="vectors">The others, and then the vector; what is left of it afterwards, not normalised.</param>
    /// <param name="column">Receives the components along the others, whose number it tells, and last the norm of what is left: NaN, and the
    /// vector is as it was, if its type cannot hold a component.</param>
    /// <returns>The norm of the vector as it was.</returns>
    public static double Orthogonalise<T>(KrylovVectors<T> vectors, Span<double> column)
        where T : unmanaged, INumber<T>
    {
        double size = Pass(vectors, column);
        if (column[^1] < Enough * size)
            Again(vectors, column);
        return size;
    }

    private static void Again<T>(KrylovVectors<T> vectors, Span<double> column)
        where T : unmanaged, INumber<T>
    {
        Span<double> more = column.Length <= Most ? stackalloc double[column.Length] : new double[column.Length];
        Pass(vectors, more);
        for (int i = 0; i < column.Length - 1; i++)
            column[i] += more[i];
        column[^1] = more[^1];
    }

    /// <summary>One pass; components and norms as above.</summary>
    [SkipLocalsInit]
    private static double Pass<T>(KrylovVectors<T> vectors, Span<double> column)
        where T : unmanaged, INumber<T>
    {
        int room = column.Length + KrylovSpace<T>.Group;
        Span<T> factors = room <= Most ? stackalloc T[Most] : new T[room];
        BasisSums<T, T>.DotAll(vectors, column, factors);
        // Products with vectors of norm 1 have no larger sums than the square that is in range.
        bool isInRange = LaneSums<T, T>.IsInRange(column[^1]);
        if (!isInRange)
            BasisSums<T, double>.DotAll(vectors, column, factors);
        double size = Math.Sqrt(column[^1]);
        factors = factors[..(column.Length - 1)];
        // Infinite ones would make NaN of the zeros behind the vector, which nothing writes again.
        if (!(size < Harmless) && !AreFinite(factors))
        {
            column[^1] = double.NaN;
            return size;
        }
        double left = isInRange
            ? BasisSums<T, T>.AddAll(vectors, factors)
            : BasisSums<T, double>.AddAll(vectors, factors);
        column[^1] = Math.Sqrt(left);
        return size;
    }

    private static bool AreFinite<T>(ReadOnlySpan<T> factors)
        where T : unmanaged, INumber<T>
    {
        foreach (T factor in factors)
            if (!T.IsFinite(factor))
                return false;
        return true;
    }
}

using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// Cycles of Saad and Schultz (1986), algorithm 4, for A·d = r from d = 0: the basis by Arnoldi, the least squares problem in it by
/// plane rotations (their section 3.2).
/// </summary>
internal static class GeneralisedMinimalResiduals
{
    /// <summary>Squares of products of larger norms, and of smaller ones than the inverse, may be no numbers.</summary>
    private const double LargestNorm = 1e100;

    /// <param name="cycle">The tasks; their budgets are at most the restart.</param>
    /// <param name="seen">The factors of the matrix that the method sees.</param>
    /// <param name="basis">The method's own.</param>
    /// <param name="problems">Where the least squares problem is.</param>
    /// <param name="item">Of which item.</param>
    public static IEnumerator<Product<T>> Run<T>(
        KrylovCycle<T> cycle,
        Factor[] seen,
        KrylovVectors<T> basis,
        HessenbergSpace problems,
        int item
    )
        where T : unmanaged, INumber<T>
    {
        var problem = new HessenbergProblem(problems, item);
        while (true)
        {
            double norm = Vectors.Norm<T>(cycle.Residual);
            Vectors.Scale<T>(basis[0], 1.0 / norm, cycle.Residual);
            problem.Begin(norm);
            // By this power of two A is divided.
            double unit = 1.0;
            while (problem.Count < cycle.Budget && !cycle.BrokeDown && problem.Residual > cycle.Tolerance)
            {
                KrylovVector<T> next = basis[problem.Count + 1];
                yield return new(seen, basis[problem.Count], next);
                if (problem.Count == 0)
                    unit = UnitOf<T>(next);
                if (unit != 1.0)
                    Vectors.Scale<T>(next, 1.0 / unit, next);
                Extend(cycle, basis, problem);
            }
            cycle.Correction.Span.Clear();
            Vectors.AddAll(cycle.Correction, problem.Solve(), basis);
            if (unit != 1.0)
                Vectors.Scale<T>(cycle.Correction, 1.0 / unit, cycle.Correction);
            yield return default;
        }
    }

    /// <summary>Makes the product that was computed last a vector of the basis, and its coordinates a column of the problem.</summary>
    private static void Extend<T>(KrylovCycle<T> cycle, KrylovVectors<T> basis, HessenbergProblem problem)
        where T : unmanaged, INumber<T>
    {
        KrylovVector<T> next = basis[problem.Count + 1];
        Span<double> column = problem.NextColumn();
        double nothing = Dependent<T>() * GramSchmidt.Orthogonalise(basis, column);
        // What is NaN, for a component out of range, ends the cycle too.
        bool isDependent = !(column[^1] > nothing);
        if (isDependent)
            column[^1] = 0.0;
        else
            Vectors.Scale<T>(next, 1.0 / column[^1], next);
        int steps = problem.Count + 1;
        cycle.End(steps, brokeDown: !problem.Add(nothing) || isDependent);
    }

    private static double UnitOf<T>(ReadOnlySpan<T> product)
        where T : unmanaged, INumber<T>
    {
        double norm = Vectors.Norm(product);
        return norm < LargestNorm && norm * LargestNorm > 1.0 ? 1.0 : Vectors.Unit(product);
    }

    /// <summary>A new basis vector smaller than this, beside the product that it comes from, is rounding.</summary>
    private static double Dependent<T>() => typeof(T) == typeof(float) ? 1e-6 : 1e-14;
}

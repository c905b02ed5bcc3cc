using System.Numerics;

namespace Implicit.Linear;

/// <summary>
/// One cycle of Saad and Schultz (1986), algorithm 4, for A·d = r from d = 0: Arnoldi by modified Gram–Schmidt, the least squares problem
/// by plane rotations (their section 3.2).
/// </summary>
internal static class GeneralisedMinimalResiduals
{
    /// <summary>A new basis vector smaller than this, beside the product that it comes from, is rounding.</summary>
    private static double Dependent<T>() => typeof(T) == typeof(float) ? 1e-6 : 1e-14;

    public static KrylovCycle Run<T>(
        Product<T> apply,
        ReadOnlySpan<T> residual,
        Span<T> correction,
        double tolerance,
        int budget,
        KrylovSpace<T> basis
    )
        where T : unmanaged, INumber<T>
    {
        double norm = Vectors.Norm(residual);
        Vectors.Scale(basis[0], 1.0 / norm, residual);
        var columns = new List<double[]>();
        var rotations = new List<(double Cosine, double Sine)>();
        var right = new List<double> { norm };
        bool brokeDown = false;
        while (columns.Count < budget && !brokeDown && Math.Abs(right[^1]) > tolerance)
        {
            Span<T> product = basis[columns.Count + 1];
            apply(basis[columns.Count], product);
            double size = Vectors.Norm<T>(product);
            double[] column = Orthogonalise(product, basis, columns.Count + 1);
            brokeDown = !(column[^1] > Dependent<T>() * size);
            if (brokeDown)
                column[^1] = 0.0;
            else
                Vectors.Scale(product, 1.0 / column[^1], product);
            if (!Rotate(column, rotations, Dependent<T>() * size))
            {
                Combine(basis, columns, right, correction);
                return new(columns.Count + 1, BrokeDown: true);
            }
            columns.Add(column);
            (double cosine, double sine) = rotations[^1];
            right.Add(-sine * right[^1]);
            right[^2] *= cosine;
        }
        Combine(basis, columns, right, correction);
        return new(columns.Count, brokeDown);
    }

    /// <summary>Makes a vector orthogonal to the basis; gives its components and, last, the norm of what is left.</summary>
    private static double[] Orthogonalise<T>(Span<T> vector, KrylovSpace<T> basis, int count)
        where T : unmanaged, INumber<T>
    {
        double[] column = new double[count + 1];
        for (int i = 0; i < count; i++)
        {
            column[i] = Vectors.Dot<T>(basis[i], vector);
            Vectors.Add(vector, -column[i], basis[i]);
        }
        column[^1] = Vectors.Norm<T>(vector);
        return column;
    }

    /// <summary>Applies the rotations so far and one that removes the last element; false if the column is then nothing.</summary>
    private static bool Rotate(double[] column, List<(double Cosine, double Sine)> rotations, double nothing)
    {
        for (int i = 0; i < rotations.Count; i++)
        {
            (double cosine, double sine) = rotations[i];
            (column[i], column[i + 1]) = (
                (cosine * column[i]) + (sine * column[i + 1]),
                (cosine * column[i + 1]) - (sine * column[i])
            );
        }
        double length = Math.Sqrt((column[^2] * column[^2]) + (column[^1] * column[^1]));
        if (!(length > nothing))
            return false;
        rotations.Add((column[^2] / length, column[^1] / length));
        column[^2] = length;
        return true;
    }

    /// <summary>The combination of basis vectors with the least residual, by back substitution.</summary>
    private static void Combine<T>(KrylovSpace<T> basis, List<double[]> columns, List<double> right, Span<T> correction)
        where T : unmanaged, INumber<T>
    {
        double[] weights = new double[columns.Count];
        correction.Clear();
        for (int i = columns.Count - 1; i >= 0; i--)
        {
            double sum = right[i];
            for (int j = i + 1; j < columns.Count; j++)
                sum -= columns[j][i] * weights[j];
            weights[i] = sum / columns[i][i];
            Vectors.Add(correction, weights[i], basis[i]);
        }
    }
}

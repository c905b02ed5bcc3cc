namespace Implicit.Linear;

/// <summary>
/// One cycle of Saad and Schultz (1986), algorithm 4, for A·d = r from d = 0: Arnoldi by modified Gram–Schmidt, the least squares problem
/// by plane rotations (their section 3.2).
/// </summary>
internal static class GeneralisedMinimalResiduals
{
    /// <summary>A new basis vector smaller than this, beside the product that it comes from, is rounding.</summary>
    private const double Dependent = 1e-14;

    public static KrylovCycle Run(Func<double[], double[]> apply, double[] residual, double tolerance, int budget)
    {
        double norm = Vectors.Norm(residual);
        var basis = new List<double[]> { Vectors.Scaled(1.0 / norm, residual) };
        var columns = new List<double[]>();
        var rotations = new List<(double Cosine, double Sine)>();
        var right = new List<double> { norm };
        bool brokeDown = false;
        while (columns.Count < budget && !brokeDown && Math.Abs(right[^1]) > tolerance)
        {
            double[] product = apply(basis[^1]);
            double size = Vectors.Norm(product);
            double[] column = Orthogonalise(product, basis);
            brokeDown = !(column[^1] > Dependent * size);
            if (brokeDown)
                column[^1] = 0.0;
            else
                basis.Add(Vectors.Scaled(1.0 / column[^1], product));
            if (!Rotate(column, rotations, size))
                return new(Combine(basis, columns, right, residual.Length), columns.Count + 1, BrokeDown: true);
            columns.Add(column);
            (double cosine, double sine) = rotations[^1];
            right.Add(-sine * right[^1]);
            right[^2] *= cosine;
        }
        return new(Combine(basis, columns, right, residual.Length), columns.Count, brokeDown);
    }

    /// <summary>Makes a vector orthogonal to the basis; gives its components and, last, the norm of what is left.</summary>
    private static double[] Orthogonalise(double[] vector, List<double[]> basis)
    {
        double[] column = new double[basis.Count + 1];
        for (int i = 0; i < basis.Count; i++)
        {
            column[i] = Vectors.Dot(basis[i], vector);
            Vectors.Add(vector, -column[i], basis[i]);
        }
        column[^1] = Vectors.Norm(vector);
        return column;
    }

    /// <summary>Applies the rotations so far and one that removes the last element; false if the column is then dependent.</summary>
    private static bool Rotate(double[] column, List<(double Cosine, double Sine)> rotations, double size)
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
        if (!(length > Dependent * size))
            return false;
        rotations.Add((column[^2] / length, column[^1] / length));
        column[^2] = length;
        return true;
    }

    /// <summary>The combination of basis vectors with the least residual, by back substitution.</summary>
    private static double[] Combine(List<double[]> basis, List<double[]> columns, List<double> right, int length)
    {
        double[] weights = new double[columns.Count];
        double[] correction = new double[length];
        for (int i = columns.Count - 1; i >= 0; i--)
        {
            double sum = right[i];
            for (int j = i + 1; j < columns.Count; j++)
                sum -= columns[j][i] * weights[j];
            weights[i] = sum / columns[i][i];
            Vectors.Add(correction, weights[i], basis[i]);
        }
        return correction;
    }
}

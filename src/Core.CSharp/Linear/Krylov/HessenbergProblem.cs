namespace Implicit.Linear;

/// <summary>
/// min ‖β·e₁ − H·y‖ for a Hessenberg matrix H that grows column by column, kept as its triangular factor by plane rotations: Saad and Schultz
/// (1986), section 3.2.
/// </summary>
/// <param name="norm">β.</param>
internal sealed class HessenbergProblem(double norm)
{
    /// <summary>The columns one after the other, each with one element more than the one before, and room for one below the triangle.</summary>
    private double[] triangle = new double[16];
    private (double Cosine, double Sine)[] rotations = new (double, double)[4];
    private double[] right = [norm, 0.0, 0.0, 0.0, 0.0];

    /// <summary>The number of columns.</summary>
    public int Count { get; private set; }

    /// <summary>The least residual.</summary>
    public double Residual => Math.Abs(right[Count]);

    /// <summary>Where the next column of H is to be written: one element more than it will have in the triangle.</summary>
    public Span<double> NextColumn()
    {
        int start = Start(Count);
        int length = Count + 2;
        if (triangle.Length < start + length)
            Array.Resize(ref triangle, 2 * (start + length));
        return triangle.AsSpan(start, length);
    }

    /// <summary>Takes in the column that was written; false, and nothing is taken, if the others leave nothing of it.</summary>
    public bool Add(double nothing)
    {
        Span<double> column = NextColumn();
        double turned = column[0];
        for (int i = 0; i < Count; i++)
        {
            (double cosine, double sine) = rotations[i];
            double below = column[i + 1];
            column[i] = (cosine * turned) + (sine * below);
            turned = (cosine * below) - (sine * turned);
        }
        column[Count] = turned;
        double length = Math.Sqrt((column[^2] * column[^2]) + (column[^1] * column[^1]));
        if (!(length > nothing))
            return false;
        if (Count == rotations.Length)
        {
            Array.Resize(ref rotations, 2 * Count);
            Array.Resize(ref right, (2 * Count) + 1);
        }
        (double c, double s) = rotations[Count] = (column[^2] / length, column[^1] / length);
        column[^2] = length;
        right[Count + 1] = -s * right[Count];
        right[Count] *= c;
        Count++;
        return true;
    }

    /// <summary>y, by back substitution.</summary>
    public double[] Solve()
    {
        double[] y = right[..Count];
        for (int i = Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> column = triangle.AsSpan(Start(i), i + 1);
            y[i] /= column[i];
            Vectors.Add(y.AsSpan(0, i), -y[i], column[..i]);
        }
        return y;
    }

    private static int Start(int column) => column * (column + 1) / 2;
}

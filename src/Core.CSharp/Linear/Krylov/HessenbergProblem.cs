namespace Implicit.Linear;

/// <summary>
/// min ‖β·e₁ − H·y‖ for a Hessenberg matrix H that grows column by column, kept as its triangular factor by plane rotations: Saad and Schultz
/// (1986), section 3.2.
/// </summary>
internal sealed class HessenbergProblem
{
    private readonly HessenbergSpace space;
    private readonly int item;
    private HessenbergNumbers numbers;

    /// <param name="space">Where the numbers are.</param>
    /// <param name="item">Of which item.</param>
    public HessenbergProblem(HessenbergSpace space, int item)
    {
        (this.space, this.item) = (space, item);
        numbers = space.Of(item);
    }

    /// <summary>The number of columns.</summary>
    public int Count { get; private set; }

    /// <summary>The least residual.</summary>
    public double Residual { get; private set; }

    /// <summary>Begins a problem without columns.</summary>
    /// <param name="norm">β.</param>
    public void Begin(double norm)
    {
        numbers.Right[0] = norm;
        (Count, Residual) = (0, norm);
    }

    /// <summary>Where the next column of H is to be written: one element more than it will have in the triangle.</summary>
    public Span<double> NextColumn()
    {
        if (Count == numbers.Columns)
            numbers = space.Grown(item);
        return numbers.Column(Count, Count + 2);
    }

    /// <summary>Takes in the column that was written; false, and nothing is taken, if the others leave nothing of it.</summary>
    public bool Add(double nothing)
    {
        Span<double> column = numbers.Column(Count, Count + 2);
        ReadOnlySpan<double> cosines = numbers.Cosines[..Count];
        ReadOnlySpan<double> sines = numbers.Sines[..Count];
        double turned = column[0];
        for (int i = 0; i < cosines.Length; i++)
        {
            double below = column[i + 1];
            column[i] = (cosines[i] * turned) + (sines[i] * below);
            // Fused, each rotation waits for one operation of the one before it.
            turned = Math.FusedMultiplyAdd(-sines[i], turned, cosines[i] * below);
        }
        double last = column[^1];
        double length = Math.Sqrt((turned * turned) + (last * last));
        column[Count] = turned;
        if (!(length > nothing))
            return false;
        (double cosine, double sine) = (turned / length, last / length);
        (numbers.Cosines[Count], numbers.Sines[Count], column[Count]) = (cosine, sine, length);
        Span<double> right = numbers.Right;
        right[Count + 1] = -sine * right[Count];
        right[Count] *= cosine;
        Count++;
        Residual = Math.Abs(right[Count]);
        return true;
    }

    /// <summary>y, by back substitution; in the place of the right side, which is there again with the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<double> Solve()
    {
        Span<double> y = numbers.Right[..Count];
        for (int i = Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> column = numbers.Column(i, i + 1);
            y[i] /= column[i];
            Vectors.Add(y[..i], -y[i], column[..i]);
        }
        return y;
    }
}

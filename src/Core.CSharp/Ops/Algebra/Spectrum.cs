using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>
/// What the derivative of eigenvectors and singular vectors needs: vectors of equal values may turn into each other at will, so
/// that where values coincide (to rounding) there is no derivative.
/// </summary>
/// <param name="Name">The operation, for messages.</param>
/// <param name="Noun">What the values are.</param>
/// <param name="Accuracy">Differences below this fraction of the largest value count as none.</param>
/// <param name="FullRank">Whether values must differ from zero, too.</param>
internal sealed record Spectrum(string Name, string Noun, double Accuracy, bool FullRank) : Requirement
{
    public override int ItemRank => 1;

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        double largest = 0.0;
        foreach (double value in item)
            largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < item.Length; i++)
        {
            if (FullRank && Math.Abs(item[i]) <= Accuracy * largest)
                Throw.Failure(
                    Name,
                    $"the derivative of the vectors exists only where no {Noun} is zero (that of the {Noun}s alone always exists)",
                    $"{Noun} {i} = {item[i]}{FailureText.ForItem(number, items)}"
                );
            if (i > 0 && Math.Abs(item[i] - item[i - 1]) <= Accuracy * largest)
                Throw.Failure(
                    Name,
                    $"the derivative of the vectors exists only where the {Noun}s are distinct (that of the {Noun}s alone always exists)",
                    $"{Noun}s {i - 1} and {i} = {item[i - 1]} and {item[i]}{FailureText.ForItem(number, items)}"
                );
        }
    }
}

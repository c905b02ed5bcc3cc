namespace Implicit.Linear;

/// <summary>
/// One run of a method: it looks for a d with A·d ≈ r. It is a sequence of products, which whoever runs it computes (for many items at once)
/// before it goes on; at its end it says what it cost and whether it could not go on.
/// </summary>
/// <param name="residual">r; not zero.</param>
/// <param name="correction">Receives d.</param>
/// <param name="tolerance">The norm of r − A·d that is enough.</param>
/// <param name="budget">The most steps.</param>
internal sealed class KrylovCycle<T>(KrylovVector<T> residual, KrylovVector<T> correction, double tolerance, int budget)
    where T : unmanaged
{
    public KrylovVector<T> Residual => residual;

    public KrylovVector<T> Correction => correction;

    public double Tolerance => tolerance;

    public int Budget => budget;

    /// <summary>The steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the method could not go on.</summary>
    public bool BrokeDown { get; private set; }

    public void End(int steps, bool brokeDown = false) => (Steps, BrokeDown) = (steps, brokeDown);
}

namespace Implicit.Linear;

/// <summary>
/// What a method is asked for and what came of it, once after the other: it looks for a d with A·d ≈ r. A method is a sequence of products, which whoever
/// runs it computes (for many items at once) before it goes on. It has no end, so that a solve allocates no more for more runs: when it has found d, it says
/// what that cost and whether it could not go on, and pauses (<see cref="Product{T}.IsPause"/>). Then it begins anew.
/// </summary>
/// <param name="residual">r; not zero.</param>
/// <param name="correction">Receives d.</param>
internal sealed class KrylovCycle<T>(KrylovVector<T> residual, KrylovVector<T> correction)
    where T : unmanaged
{
    public KrylovVector<T> Residual => residual;

    public KrylovVector<T> Correction => correction;

    /// <summary>The norm of r − A·d that is enough.</summary>
    public double Tolerance { get; private set; }

    /// <summary>The most steps.</summary>
    public int Budget { get; private set; }

    /// <summary>The steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the method could not go on.</summary>
    public bool BrokeDown { get; private set; }

    public void Begin(double tolerance, int budget) =>
        (Tolerance, Budget, Steps, BrokeDown) = (tolerance, budget, 0, false);

    public void End(int steps, bool brokeDown = false) => (Steps, BrokeDown) = (steps, brokeDown);
}

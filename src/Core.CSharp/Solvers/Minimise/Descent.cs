namespace Implicit.Solvers.Minimise;

/// <summary>
/// The one loop of all methods that go down: a method takes steps, however many points each tries, until a measure of optimality is small.
/// </summary>
internal static class Descent
{
    /// <summary>Runs a method.</summary>
    /// <param name="objective">What is minimised.</param>
    /// <param name="method">The method, new.</param>
    /// <param name="measure">How far a point is from a minimum, and what is allowed.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="maxSteps">The most steps.</param>
    /// <returns>The last point, and how it was reached.</returns>
    public static (double[] X, SolveReport Report) Run(
        IObjective objective,
        IDescent method,
        Func<Iterate, (double Size, double Allowed)> measure,
        double[] start,
        int maxSteps
    )
    {
        Iterate now = objective.At(start);
        var trace = new List<double>();
        while (true)
        {
            (double size, double allowed) = measure(now);
            trace.Add(size);
            if (!now.IsFinite)
                return End(SolveStatus.NonFinite);
            if (size <= allowed)
                return End(SolveStatus.Success);
            if (trace.Count > maxSteps)
                return End(SolveStatus.MaxStepsReached);
            Iterate? next = method.Step(objective, now);
            if (next is null)
                return End(SolveStatus.StepFailed);
            now = next;

            (double[], SolveReport) End(SolveStatus status) =>
                (
                    now.X,
                    new SolveReport
                    {
                        Status = status,
                        Steps = trace.Count - 1,
                        BestStep = trace.Count - 1,
                        Residual = size,
                        Tolerance = allowed,
                        Trace = trace,
                        Reason =
                            "No step lessens the objective: kinks, rounding or a singular Jacobian hide the way down.",
                    }
                );
        }
    }
}

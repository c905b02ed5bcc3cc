namespace Implicit.Solvers.Minimise;

/// <summary>
/// Steps along a line in a direction that what was learnt of the curvature gives, of which each step teaches more: Nocedal and Wright (2006),
/// chapter 6.
/// </summary>
/// <param name="search">How far to go along a direction.</param>
internal abstract class QuasiNewton(LineSearch search) : IDescent
{
    /// <summary>Whether anything is known of the curvature.</summary>
    protected abstract bool HasLearnt { get; }

    public IEnumerable<double[]> Step(Descent descent)
    {
        Iterate now = descent.Now;
        foreach (double[] point in Search(descent))
            yield return point;
        if (!descent.HasStepped && HasLearnt)
        {
            // What was learnt of the curvature no longer descends.
            Forget();
            foreach (double[] point in Search(descent))
                yield return point;
        }
        if (!descent.HasStepped)
            yield break;
        double[] s = Numbers.Difference(descent.Now.X, now.X);
        double[] y = Numbers.Difference(descent.Now.Gradient, now.Gradient);
        double curvature = Numbers.Dot(s, y);
        if (curvature > Numbers.Epsilon * Numbers.Norm(s) * Numbers.Norm(y))
            Learn(s, y, curvature);
    }

    /// <summary>−H·g, with the H that is known for the inverse of the Hessian; the identity if nothing is.</summary>
    protected abstract double[] Direction(double[] gradient);

    /// <summary>Takes a step s, along which the gradient changed by y, into account.</summary>
    protected abstract void Learn(double[] s, double[] y, double curvature);

    protected abstract void Forget();

    private IEnumerable<double[]> Search(Descent descent)
    {
        double[] gradient = descent.Now.Gradient;
        double first = HasLearnt ? 1.0 : 1.0 / Math.Max(1.0, Numbers.Norm(gradient));
        return search.Along(descent, Direction(gradient), first);
    }
}

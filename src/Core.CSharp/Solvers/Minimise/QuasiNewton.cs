using Implicit.Shapes;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// Steps along a line in a direction that what was learnt of the curvature gives, of which each step teaches more: Nocedal and Wright (2006),
/// chapter 6.
/// </summary>
/// <param name="n">The number of unknowns.</param>
/// <param name="search">How far to go along a direction.</param>
internal abstract class QuasiNewton(int n, LineSearch search) : IDescent
{
    private readonly double[] direction = new double[n];
    private readonly double[] s = new double[n];
    private readonly double[] y = new double[n];

    /// <summary>Whether anything is known of the curvature.</summary>
    protected abstract bool HasLearnt { get; }

    public IEnumerator<Iterate?> Steps(Descent descent)
    {
        var line = new Line(descent);
        IEnumerator<Iterate?> trials = search.Along(line, descent);
        while (true)
        {
            Iterate now = descent.Now;
            bool searches = true;
            while (searches)
            {
                Direct(direction, now.Gradient);
                line.Begin(direction, HasLearnt ? 1.0 : 1.0 / Math.Max(1.0, Numbers.Norm(now.Gradient)));
                while (trials.MoveNext() && trials.Current is { } trial)
                    yield return trial;
                // What was learnt of the curvature may no longer descend.
                searches = !descent.HasStepped && HasLearnt;
                if (searches)
                    Forget();
            }
            if (descent.HasStepped)
                LearnFrom(now, descent.Now);
            yield return null;
        }
    }

    /// <summary>−H·g, with the H that is known for the inverse of the Hessian; the identity if nothing is.</summary>
    protected abstract void Direct(double[] direction, double[] gradient);

    /// <summary>Takes a step s, along which the gradient changed by y, into account.</summary>
    protected abstract void Learn(double[] s, double[] y, double curvature);

    protected abstract void Forget();

    private void LearnFrom(Iterate before, Iterate now)
    {
        Numbers.Sum(s, now.X, -1.0, before.X);
        Numbers.Sum(y, now.Gradient, -1.0, before.Gradient);
        double curvature = Numbers.Dot(s, y);
        if (curvature > Precision.Of<double>() * Numbers.Norm(s) * Numbers.Norm(y))
            Learn(s, y, curvature);
    }
}

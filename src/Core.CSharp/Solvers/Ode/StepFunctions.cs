using Implicit.Graph;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The traced pieces of a Runge–Kutta solver. Each is one closed function, hence one plan: the driver only decides. Arguments named
/// y, k₁ … stand for one tensor per leaf of the state.
/// </summary>
internal static class StepFunctions
{
    /// <summary>
    /// (t, h, rtol, atol, y, k₁, captures) → (y₁, error ratio, k₂ … k_s, f(t + h, y₁)): a whole step. The ratio is 1 at the tolerance; a method
    /// without an estimate gives none. Where the last stage is the first of the next step, it is not repeated.
    /// </summary>
    public static Function Step(OdeProblem problem)
    {
        int n = problem.Leaves;
        TensorType time = problem.Time;
        return Function.TraceClosed(
            "odeint",
            [time, time, time, time, .. problem.State, .. problem.State, .. problem.Captures],
            all =>
            {
                Tensor[] captures = all[(4 + (2 * n))..];
                Tensor[] first = all[(4 + n)..(4 + (2 * n))];
                (Tensor[] y1, Tensor[] ratio, Tensor[][] k) = Step(problem, all[..(4 + n)], first, captures);
                Tensor[] next = problem.Method.IsFirstSameAsLast
                    ? []
                    : Evaluate(problem, all[0] + all[1], y1, captures);
                return [.. y1, .. ratio, .. k.Skip(1).SelectMany(stage => stage), .. next];
            }
        );
    }

    /// <summary>
    /// (t, h, rtol, atol, y, captures) → (y₁, error ratio): a whole step that computes k₁ too and hands no stage on. Of leaves that nothing
    /// depends on (integrals) it computes no state inside the step, and their derivatives only where these have a weight.
    /// </summary>
    public static Function StepAnew(OdeProblem problem)
    {
        int n = problem.Leaves;
        TensorType time = problem.Time;
        return Function.TraceClosed(
            "odeint",
            [time, time, time, time, .. problem.State, .. problem.Captures],
            all =>
            {
                Tensor[] captures = all[(4 + n)..];
                Tensor[] first = Evaluate(problem, all[0], all[4..(4 + n)], captures);
                (Tensor[] y1, Tensor[] ratio, _) = Step(problem, all[..(4 + n)], first, captures);
                return [.. y1, .. ratio];
            }
        );
    }

    /// <summary>(t, h, y, captures) → y₁, and for <paramref name="dense"/> output k₁ … k_m behind it, as expressions.</summary>
    public static Tensor[] Advance(OdeProblem problem, Tensor[] all, bool dense)
    {
        int n = problem.Leaves;
        (Tensor t, Tensor h, Tensor[] y, Tensor[] captures) = (all[0], all[1], all[2..(2 + n)], all[(2 + n)..]);
        int count = dense ? problem.Method.A.Length : problem.Method.Stages;
        Tensor[][] k = Stages(problem, t, h, y, Evaluate(problem, t, y, captures), captures, count);
        Tensor[] end = Advance(problem.Method, h, y, k);
        return dense ? [.. end, .. k.SelectMany(stage => stage)] : end;
    }

    /// <summary>(t, h, y, captures, k₁ … k_s) → (k_{s+1} … k_m): the stages that only dense output needs.</summary>
    public static Function DenseStages(OdeProblem problem)
    {
        int n = problem.Leaves;
        int s = problem.Method.Stages;
        int captureCount = problem.Captures.Length;
        return Function.TraceClosed(
            "odeint",
            [problem.Time, problem.Time, .. problem.State, .. problem.Captures, .. Repeat(problem.State, s)],
            all =>
            {
                Tensor[] y = all[2..(2 + n)];
                Tensor[] captures = all[(2 + n)..(2 + n + captureCount)];
                var k = new List<Tensor[]>(all[(2 + n + captureCount)..].Chunk(n));
                for (int i = s; i < problem.Method.A.Length; i++)
                    k.Add(Stage(problem, i, all[0], all[1], y, k, captures));
                return [.. k.Skip(s).SelectMany(stage => stage)];
            }
        );
    }

    /// <summary>(w, y, k₁ … k_m) → y + Σ wᵢkᵢ, with w [m] the step times the weights of dense output.</summary>
    public static Function Interpolate(OdeProblem problem)
    {
        int n = problem.Leaves;
        int m = problem.Method.A.Length;
        return Function.TraceClosed(
            "odeint",
            [problem.Time with { Shape = [m] }, .. problem.State, .. Repeat(problem.State, m)],
            all =>
            {
                Tensor[][] k = [.. all[(1 + n)..].Chunk(n)];
                return
                [
                    .. Enumerable
                        .Range(0, n)
                        .Select(leaf =>
                            Enumerable
                                .Range(0, m)
                                .Where(i => problem.Method.Interpolant[i].Length > 0)
                                .Aggregate(all[1 + leaf], (sum, i) => sum + (all[0][i] * k[i][leaf]))
                        ),
                ];
            }
        );
    }

    /// <summary>(t, y, captures, rtol, atol) → (f(t, y), ‖y‖, ‖f‖) in the scaled norm: the first half of Hairer's starting rule.</summary>
    public static Function Start(OdeProblem problem)
    {
        int n = problem.Leaves;
        int captureCount = problem.Captures.Length;
        return Function.TraceClosed(
            "odeint",
            [problem.Time, .. problem.State, .. problem.Captures, problem.Time, problem.Time],
            all =>
            {
                Tensor[] y = all[1..(1 + n)];
                Tensor[] f = Evaluate(problem, all[0], y, all[(1 + n)..(1 + n + captureCount)]);
                Tensor[] scale = Scale(y, y, all[^2], all[^1]);
                return [.. f, Norm(problem, y, scale), Norm(problem, f, scale)];
            }
        );
    }

    /// <summary>(t, h, y, f, captures, rtol, atol) → ‖f(t + h, y + h·f) − f‖: the second half, an explicit Euler step.</summary>
    public static Function Probe(OdeProblem problem)
    {
        int n = problem.Leaves;
        int captureCount = problem.Captures.Length;
        return Function.TraceClosed(
            "odeint",
            [
                problem.Time,
                problem.Time,
                .. problem.State,
                .. problem.State,
                .. problem.Captures,
                problem.Time,
                problem.Time,
            ],
            all =>
            {
                Tensor[] y = all[2..(2 + n)];
                Tensor[] f = all[(2 + n)..(2 + (2 * n))];
                Tensor[] captures = all[(2 + (2 * n))..(2 + (2 * n) + captureCount)];
                Tensor[] euler = Zip(y, f, (yi, fi) => yi + (all[1] * fi));
                Tensor[] f1 = Evaluate(problem, all[0] + all[1], euler, captures);
                return [Norm(problem, Zip(f1, f, (a, b) => a - b), Scale(y, y, all[^2], all[^1]))];
            }
        );
    }

    /// <summary>f(t, y), one tensor per leaf.</summary>
    public static Tensor[] Evaluate(OdeProblem problem, Tensor t, Tensor[] y, Tensor[] captures) =>
        problem.Field.Apply([t, .. y, .. captures]);

    /// <summary>(t, h, rtol, atol, y), k₁ and captures → y₁, the error ratio if there is one, and k₁ … k_s, as expressions.</summary>
    private static (Tensor[] End, Tensor[] Ratio, Tensor[][] Stages) Step(
        OdeProblem problem,
        Tensor[] all,
        Tensor[] first,
        Tensor[] captures
    )
    {
        (Tensor t, Tensor h, Tensor rtol, Tensor atol, Tensor[] y) = (all[0], all[1], all[2], all[3], all[4..]);
        Tensor[][] k = Stages(problem, t, h, y, first, captures, problem.Method.Stages);
        Tensor[] y1 = Advance(problem.Method, h, y, k);
        return (y1, problem.Method.HasErrorEstimate ? [ErrorRatio(problem, h, rtol, atol, y, y1, k)] : [], k);
    }

    private static Tensor[][] Stages(
        OdeProblem problem,
        Tensor t,
        Tensor h,
        Tensor[] y,
        Tensor[] first,
        Tensor[] captures,
        int count
    )
    {
        var k = new List<Tensor[]> { first };
        for (int i = 1; i < count; i++)
            k.Add(Stage(problem, i, t, h, y, k, captures));
        return [.. k];
    }

    private static Tensor[] Stage(
        OdeProblem problem,
        int i,
        Tensor t,
        Tensor h,
        Tensor[] y,
        List<Tensor[]> k,
        Tensor[] captures
    )
    {
        Tensor[] increment = Combine(problem.Method.A[i], k);
        return Evaluate(
            problem,
            t + (problem.Method.C[i] * h),
            Zip(y, increment, (yi, sum) => yi + (h * sum)),
            captures
        );
    }

    private static Tensor[] Advance(Tableau method, Tensor h, Tensor[] y, Tensor[][] k) =>
        Zip(y, Combine(method.B, k), (yi, sum) => yi + (h * sum));

    /// <summary>Σ wᵢkᵢ over the weights that are not zero, for each leaf.</summary>
    private static Tensor[] Combine(double[] weights, IReadOnlyList<Tensor[]> k)
    {
        Tensor[]? sum = null;
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = weights[i];
            if (weight != 0.0)
            {
                Tensor[] term = Array.ConvertAll(k[i], ki => weight * ki);
                sum = sum is null ? term : Zip(sum, term, (a, b) => a + b);
            }
        }
        return sum ?? Array.ConvertAll(k[0], Tensor.ZerosLike);
    }

    private static Tensor ErrorRatio(
        OdeProblem problem,
        Tensor h,
        Tensor rtol,
        Tensor atol,
        Tensor[] y,
        Tensor[] y1,
        Tensor[][] k
    )
    {
        Tensor[] scale = Scale(y, y1, rtol, atol);
        Tensor fine = Norm(problem, Combine(problem.Method.Error!, k), scale) * Tensor.Abs(h);
        if (problem.Method.CoarseError is not { } weights)
            return fine;
        Tensor coarse = Norm(problem, Combine(weights, k), scale) * Tensor.Abs(h);
        Tensor size = Tensor.Sqrt((fine * fine) + (0.01 * coarse * coarse));
        // Both estimates vanish together; the quotient of zeros is the zero it tends to.
        return Tensor.Where(Tensor.Greater(size, 0.0), fine * fine / size, size);
    }

    /// <summary>atol + rtol·max(|y|, |y₁|).</summary>
    private static Tensor[] Scale(Tensor[] y, Tensor[] y1, Tensor rtol, Tensor atol) =>
        Zip(y, y1, (a, b) => atol + (rtol * Tensor.Maximum(Tensor.Abs(a), Tensor.Abs(b))));

    /// <summary>The user's norm of the scaled leaves that count, or the root mean square over all their elements.</summary>
    private static Tensor Norm(OdeProblem problem, Tensor[] leaves, Tensor[] scale)
    {
        Tensor[] scaled = Zip(leaves, scale, (x, s) => x / s)[..problem.NormLeaves];
        if (problem.Norm is { } norm)
            return norm.Apply(scaled)[0];
        int count = Math.Max(1, scaled.Sum(x => x.Length));
        Tensor total = scaled.Select(x => Tensor.Sum(x * x)).Aggregate((a, b) => a + b);
        return Tensor.Sqrt(total / count);
    }

    private static Tensor[] Zip(Tensor[] a, Tensor[] b, Func<Tensor, Tensor, Tensor> f) => [.. a.Zip(b, f)];

    private static IEnumerable<TensorType> Repeat(TensorType[] types, int times) =>
        Enumerable.Repeat(types, times).SelectMany(type => type);
}

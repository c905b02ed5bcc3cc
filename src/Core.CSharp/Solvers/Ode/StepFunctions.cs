using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The traced pieces of a Runge–Kutta solver. Each is one closed function, hence one plan: the driver only decides. Arguments named
/// y, k₁ … stand for one tensor per leaf of the state.
/// </summary>
internal static class StepFunctions
{
    /// <summary>
    /// (t, h, rtol, atol, y, k₁, captures) → (y₁, error ratio, k₂ … k_s, f(t + h, y₁), residuals): a whole step, with those of its
    /// <paramref name="parts"/> that are wanted. The ratio is 1 at the tolerance; a method without an estimate gives none. Where the last stage is the
    /// first of the next step, it is not repeated. Residuals are what its transpose reads (<see cref="StepResiduals"/>). Without stages the step
    /// computes k₁ too; of leaves beyond those of the norm, on which nothing may depend then (integrals), it computes no state inside the step, and
    /// their derivatives only where these have a weight.
    /// </summary>
    public static Function Step(OdeProblem problem, StepParts parts)
    {
        int n = problem.Leaves;
        TensorType time = problem.Time;
        bool hasStages = parts.HasFlag(StepParts.Stages);
        return Function.TraceClosed(
            "odeint",
            [time, time, time, time, .. problem.State, .. hasStages ? problem.State : [], .. problem.Captures],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor h) = (given.Take(), given.Take());
                (Tensor rtol, Tensor atol) = (given.Take(), given.Take());
                Tensor[] y = given.Take(n);
                Tensor[] kept = hasStages ? given.Take(n) : [];
                Tensor[] captures = given.Rest;
                Tensor[] first = hasStages ? kept : Evaluate(problem, t, y, captures);
                Tensor[] arguments = [t, h, .. y, .. first, .. Repeat(captures, problem.Method.Evaluations)];
                Tensor[] results = parts.HasFlag(StepParts.Residuals)
                    ? problem.Kernels.Residuals.Pack(problem.Kernels.Residuals.Step.Apply(arguments))
                    : Advance(problem).Apply(arguments);
                Tensor[] y1 = results[..n];
                Tensor[][] k = [first, .. results[n..(n * problem.Method.Stages)].Chunk(n)];
                for (int leaf = problem.NormLeaves; leaf < n && !hasStages; leaf++)
                    y1[leaf] = y[leaf] + (h * Integral(problem.Method, leaf, k));
                Tensor[] ratio =
                    parts.HasFlag(StepParts.Error) && problem.Method.HasErrorEstimate
                        ? [ErrorRatio(problem, h, rtol, atol, y, y1, k)]
                        : [];
                return [.. y1, .. ratio, .. hasStages ? results[n..] : []];
            }
        );
    }

    /// <summary>
    /// (t, h, y, k₁, captures of the first evaluation, of the second …) → (y₁, k₂ … k_s, f(t + h, y₁)): a step without its error. Each evaluation
    /// has captures of its own, so that each has its own cotangents of them.
    /// </summary>
    public static Function Advance(OdeProblem problem)
    {
        (int n, int each) = (problem.Leaves, problem.Captures.Length);
        return Function.TraceClosed(
            "odeint",
            AdvanceTypes(problem),
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor h, Tensor[] y) = (given.Take(), given.Take(), given.Take(n));
                var k = new List<Tensor[]> { given.Take(n) };
                for (int i = 1; i < problem.Method.Stages; i++)
                    k.Add(Stage(problem, i, t, h, y, k, given.Take(each)));
                Tensor[] y1 = Zip(y, Combine(problem.Method.B, k), (yi, sum) => yi + (h * sum));
                Tensor[] next = problem.Method.IsFirstSameAsLast ? [] : Evaluate(problem, t + h, y1, given.Take(each));
                return [.. y1, .. k.Skip(1).SelectMany(stage => stage), .. next];
            }
        );
    }

    /// <summary>The types of the arguments of <see cref="Advance"/>.</summary>
    public static TensorType[] AdvanceTypes(OdeProblem problem) =>
        [
            problem.Time,
            problem.Time,
            .. problem.State,
            .. problem.State,
            .. Repeat(problem.Captures, problem.Method.Evaluations),
        ];

    /// <summary>(t, h, y, captures, k₁ … k_s) → (k_{s+1} … k_m): the stages that only dense output needs.</summary>
    public static Function DenseStages(OdeProblem problem)
    {
        int n = problem.Leaves;
        int s = problem.Method.Stages;
        return Function.TraceClosed(
            "odeint",
            [problem.Time, problem.Time, .. problem.State, .. problem.Captures, .. Repeat(problem.State, s)],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor h, Tensor[] y) = (given.Take(), given.Take(), given.Take(n));
                Tensor[] captures = given.Take(problem.Captures.Length);
                var k = new List<Tensor[]>(given.Rest.Chunk(n));
                for (int i = s; i < problem.Method.A.Length; i++)
                    k.Add(Stage(problem, i, t, h, y, k, captures));
                return [.. k.Skip(s).SelectMany(stage => stage)];
            }
        );
    }

    /// <summary>(t, y, captures, rtol, atol) → (f(t, y), ‖y‖, ‖f‖) in the scaled norm: the first half of Hairer's starting rule.</summary>
    public static Function Start(OdeProblem problem)
    {
        return Function.TraceClosed(
            "odeint",
            [problem.Time, .. problem.State, .. problem.Captures, problem.Time, problem.Time],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor[] y) = (given.Take(), given.Take(problem.Leaves));
                Tensor[] f = Evaluate(problem, t, y, given.Take(problem.Captures.Length));
                Tensor[] scale = Scale(y, y, rtol: given.Take(), atol: given.Take());
                return [.. f, Norm(problem, y, scale), Norm(problem, f, scale)];
            }
        );
    }

    /// <summary>(t, h, rtol, atol, y, f, captures) → ‖f(t + h, y + h·f) − f‖: the second half, an explicit Euler step.</summary>
    public static Function Probe(OdeProblem problem)
    {
        int n = problem.Leaves;
        TensorType time = problem.Time;
        return Function.TraceClosed(
            "odeint",
            [time, time, time, time, .. problem.State, .. problem.State, .. problem.Captures],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor h) = (given.Take(), given.Take());
                (Tensor rtol, Tensor atol) = (given.Take(), given.Take());
                (Tensor[] y, Tensor[] f) = (given.Take(n), given.Take(n));
                Tensor[] euler = Zip(y, f, (yi, fi) => yi + (h * fi));
                Tensor[] f1 = Evaluate(problem, t + h, euler, given.Rest);
                return [Norm(problem, Zip(f1, f, (a, b) => a - b), Scale(y, y, rtol, atol))];
            }
        );
    }

    /// <summary>f(t, y), one tensor per leaf.</summary>
    public static Tensor[] Evaluate(OdeProblem problem, Tensor t, Tensor[] y, Tensor[] captures) =>
        problem.Field.Apply([t, .. y, .. captures]);

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

    /// <summary>Σ bᵢkᵢ of one leaf, whose kᵢ serve nothing else.</summary>
    private static Tensor Integral(Tableau method, int leaf, Tensor[][] k)
    {
        IEnumerable<int> stages = Enumerable.Range(0, method.Stages).Where(i => method.B[i] != 0.0);
        return Tensor.Total([.. stages.Select(i => Tensor.Multiple(method.B[i], k[i][leaf]))]);
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
        // Beside what is infinite no error counts, so 0·y₁ is added: NaN, which no step is taken with.
        Tensor[] error = Zip(Combine(problem.Method.Error!, k), y1, (e, end) => e + (0.0 * end));
        Tensor fine = Norm(problem, error, scale) * Tensor.Abs(h);
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

    /// <summary>The items so many times, one after the other.</summary>
    public static IEnumerable<T> Repeat<T>(T[] items, int times) =>
        Enumerable.Repeat(items, times).SelectMany(item => item);
}

using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>The traced pieces of a walk along given steps, forward and backward. Names as in <see cref="StepFunctions"/>.</summary>
internal static class GridFunctions
{
    /// <summary>(t, h, y, captures) → y₁, and for <paramref name="dense"/> output k₁ … k_m behind it.</summary>
    public static Function Advance(OdeProblem problem, bool dense) =>
        Function.TraceClosed("odeint", Arguments(problem), all => StepFunctions.Advance(problem, all, dense));

    /// <summary>
    /// The transpose of a step: (t, h, y, captures, λ, sums[, d, k̄₁ … k̄_m]) → (λ·∂y₁/∂y, sums + λ·∂y₁/∂θ). λ is the cotangent of y₁, and
    /// sums hold one running total per capture that is needed. With <paramref name="dense"/> output, k̄ are the cotangents of the
    /// stages and d is that of y beside the step; both then enter the result.
    /// </summary>
    public static Function Retreat(OdeProblem problem, bool[] needed, bool dense)
    {
        TensorType[] own = Arguments(problem);
        TensorType[] sums = [.. problem.Captures.Where((_, i) => needed[i])];
        int n = problem.Leaves;
        return Function.TraceClosed(
            "odeint",
            [.. own, .. problem.State, .. sums, .. dense ? DenseTypes(problem) : []],
            all =>
            {
                Tensor[] arguments = all[..own.Length];
                Tensor[] cotangent = all[own.Length..(own.Length + n)];
                Tensor[] totals = all[(own.Length + n)..(own.Length + n + sums.Length)];
                Tensor[] rest = all[(own.Length + n + sums.Length)..];
                Tensor[] results = StepFunctions.Advance(problem, arguments, dense);
                IEnumerable<Tensor> wanted = arguments[(2 + n)..].Where((_, i) => needed[i]);
                Tensor[] sources = [.. arguments[2..(2 + n)], .. wanted];
                Tensor[] stages = dense ? rest[n..] : [];
                Tensor[] pulled = Differentiation.Pull(sources, results, [.. cotangent, .. stages]);
                Tensor[] beside = [.. dense ? rest[..n] : [], .. totals];
                return dense
                    ? [.. pulled.Zip(beside, (a, b) => a + b)]
                    : [.. pulled[..n], .. pulled[n..].Zip(beside, (a, b) => a + b)];
            }
        );
    }

    /// <summary>
    /// The transpose of dense output: (w [m], ȳ, d, k̄₁ … k̄_m) → (d + ȳ, k̄ᵢ + wᵢȳ), for a cotangent ȳ of an output inside a step.
    /// </summary>
    public static Function Spread(OdeProblem problem)
    {
        int n = problem.Leaves;
        int m = problem.Method.A.Length;
        return Function.TraceClosed(
            "odeint",
            [problem.Time with { Shape = [m] }, .. problem.State, .. DenseTypes(problem)],
            all =>
            {
                Tensor[] row = all[1..(1 + n)];
                Tensor[] beside = all[(1 + n)..(1 + (2 * n))];
                Tensor[] stages = all[(1 + (2 * n))..];
                return
                [
                    .. beside.Zip(row, (d, w) => d + w),
                    .. stages.Select((k, i) => k + (all[0][i / n] * row[i % n])),
                ];
            }
        );
    }

    /// <summary>(a, b) → a + b, leaf by leaf.</summary>
    public static Function Add(OdeProblem problem) =>
        Function.TraceClosed(
            "odeint",
            [.. problem.State, .. problem.State],
            all => [.. all[..problem.Leaves].Zip(all[problem.Leaves..], (a, b) => a + b)]
        );

    /// <summary>The types of d and k̄₁ … k̄_m.</summary>
    public static TensorType[] DenseTypes(OdeProblem problem) =>
        [.. Enumerable.Repeat(problem.State, problem.Method.A.Length + 1).SelectMany(type => type)];

    private static TensorType[] Arguments(OdeProblem problem) =>
        [problem.Time, problem.Time, .. problem.State, .. problem.Captures];
}

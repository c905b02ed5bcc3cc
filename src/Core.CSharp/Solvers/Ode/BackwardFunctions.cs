using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The traced pieces of a walk backward along given steps. Names as in <see cref="StepFunctions"/>; λ is the cotangent of a state, κ that of
/// its time derivative, which is the first stage of the step that follows; sums hold one running total per capture that is needed.
/// </summary>
internal static class BackwardFunctions
{
    /// <summary>The transpose of a part of a solve, with cotangents of the captures that are needed.</summary>
    public static Function Transpose(OdeProblem problem, Transposed part, bool[] needed) =>
        part switch
        {
            Transposed.Start => RetreatStart(problem, needed),
            Transposed.Step => Retreat(problem, needed, dense: false, isLast: false),
            Transposed.StepWithOutputs => Retreat(problem, needed, dense: true, isLast: false),
            Transposed.LastStep => Retreat(problem, needed, dense: false, isLast: true),
            Transposed.LastStepWithOutputs => Retreat(problem, needed, dense: true, isLast: true),
            _ => RetreatDense(problem, needed),
        };

    /// <summary>
    /// The transpose of a step: (t, h, y, k₁, captures, results of the step with packs, λ, κ, sums[, d, k̄₁ … k̄_s]) → (λ, κ, sums) before it. With
    /// <paramref name="dense"/> output, k̄ are cotangents of the stages and d is that of y beside the step. The last step has no κ: the field need not
    /// be differentiable at its end, where 0·∞ would be no number.
    /// </summary>
    private static Function Retreat(OdeProblem problem, bool[] needed, bool dense, bool isLast)
    {
        int n = problem.Leaves;
        int evaluations = problem.Method.Evaluations;
        bool endFlows = !isLast || (dense && problem.Method.IsFirstSameAsLast);
        StepResiduals residuals = problem.Kernels.Residuals;
        Function pullback = residuals.Pullback(needed, Flowing(problem, dense, endFlows));
        TensorType[] own = [problem.Time, problem.Time, .. problem.State, .. problem.State];
        TensorType[] results = [.. residuals.Step.ResultTypes[..residuals.Own], .. residuals.Types];
        TensorType[] sums = Flags.Chosen<TensorType>(needed, problem.Captures);
        return Function.TraceClosed(
            "odeint",
            [
                .. own,
                .. problem.Captures,
                .. results,
                .. problem.State,
                .. problem.State,
                .. sums,
                .. dense ? StageTypes(problem, problem.Method.Stages) : [],
            ],
            all =>
            {
                var given = new Arguments(all);
                Tensor[] arguments = given.Take(own.Length);
                Tensor[] captures = given.Take(problem.Captures.Length);
                Tensor[] computed = residuals.Unpack(given.Take(results.Length));
                (Tensor[] end, Tensor[] slope) = (given.Take(n), given.Take(n));
                Tensor[] totals = given.Take(sums.Length);
                Tensor[] beside = dense ? given.Take(n) : [];
                Tensor[] stages = given.Rest;
                Tensor[] pulled = pullback.Apply([
                    .. arguments,
                    .. StepFunctions.Repeat(captures, evaluations),
                    .. computed,
                    .. end,
                    .. isLast ? stages.Skip(n) : Cotangents(problem, slope, stages),
                ]);
                Tensor[] found = pulled[..(2 * n)];
                Tensor[] terms = pulled[(2 * n)..^(endFlows ? 0 : sums.Length)];
                return
                [
                    .. dense ? Sums(found, [.. beside, .. stages[..n]]) : found,
                    .. totals.Select((total, i) => Tensor.Total([total, .. OfCapture(terms, i, totals.Length)])),
                ];
            }
        );
    }

    /// <summary>The transpose of the first evaluation: (t, y, captures, λ, κ, sums) → (λ + κ·∂f/∂y, sums + κ·∂f/∂θ).</summary>
    private static Function RetreatStart(OdeProblem problem, bool[] needed)
    {
        int n = problem.Leaves;
        Function vjp = problem.Field.Vjp([false, .. Flags.All(n), .. needed]);
        TensorType[] sums = Flags.Chosen<TensorType>(needed, problem.Captures);
        return Function.TraceClosed(
            "odeint",
            [.. problem.Field.ArgumentTypes, .. problem.State, .. problem.State, .. sums],
            all =>
            {
                var given = new Arguments(all);
                Tensor[] arguments = given.Take(problem.Field.Arguments.Length);
                (Tensor[] start, Tensor[] slope) = (given.Take(n), given.Take(n));
                return Sums(vjp.Apply([.. arguments, .. slope]), [.. start, .. given.Rest]);
            }
        );
    }

    /// <summary>
    /// The transpose of the stages that only dense output needs: (t, h, y, captures, k₁ … k_s, d, k̄₁ … k̄_m, sums) → (d, k̄₁ … k̄_s, sums).
    /// </summary>
    private static Function RetreatDense(OdeProblem problem, bool[] needed)
    {
        (int n, int s) = (problem.Leaves, problem.Method.Stages);
        Function stages = StepFunctions.DenseStages(problem);
        Function vjp = stages.Vjp([false, false, .. Flags.All(n), .. needed, .. Flags.All(n * s)]);
        TensorType[] sums = Flags.Chosen<TensorType>(needed, problem.Captures);
        return Function.TraceClosed(
            "odeint",
            [.. stages.ArgumentTypes, .. StageTypes(problem, problem.Method.A.Length), .. sums],
            all =>
            {
                var given = new Arguments(all);
                Tensor[] arguments = given.Take(stages.Arguments.Length);
                (Tensor[] beside, Tensor[] own) = (given.Take(n), given.Take(n * s));
                Tensor[] extra = given.Take(n * problem.Method.ExtraStages);
                Tensor[] pulled = vjp.Apply([.. arguments, .. extra]);
                return
                [
                    .. Sums(pulled[..n], beside),
                    .. Sums(pulled[(n + sums.Length)..], own),
                    .. Sums(pulled[n..(n + sums.Length)], given.Rest),
                ];
            }
        );
    }

    /// <summary>The types of d and of the cotangents of so many stages.</summary>
    public static TensorType[] StageTypes(OdeProblem problem, int stages) =>
        [.. StepFunctions.Repeat(problem.State, stages + 1)];

    /// <summary>The sum of the cotangents that all evaluations give to a capture; none if there are no evaluations.</summary>
    private static Tensor[] OfCapture(Tensor[] terms, int capture, int captures)
    {
        Tensor[] own = [.. terms.Where((_, i) => i % captures == capture)];
        return own.Length == 0 ? [] : [Tensor.Total(own)];
    }

    /// <summary>
    /// Which results of a step have cotangents: y₁, for dense output all stages, and the time derivative at the end if it <paramref name="endFlows"/>.
    /// </summary>
    private static bool[] Flowing(OdeProblem problem, bool dense, bool endFlows)
    {
        bool[] flowing = new bool[problem.Leaves * (1 + problem.Method.Evaluations)];
        if (dense)
            Array.Fill(flowing, true);
        Array.Fill(flowing, endFlows, flowing.Length - problem.Leaves, problem.Leaves);
        Array.Fill(flowing, true, 0, problem.Leaves);
        return flowing;
    }

    /// <summary>The cotangents of the flowing results behind y₁. The last of them is κ's; where it is a stage as well, it has both.</summary>
    private static IEnumerable<Tensor> Cotangents(OdeProblem problem, Tensor[] slope, Tensor[] stages)
    {
        if (stages.Length == 0)
            return slope;
        int n = problem.Leaves;
        return problem.Method.IsFirstSameAsLast
            ? stages[n..^n].Concat(Sums(stages[^n..], slope))
            : stages[n..].Concat(slope);
    }

    private static Tensor[] Sums(Tensor[] a, Tensor[] b) => [.. a.Zip(b, (x, y) => x + y)];
}

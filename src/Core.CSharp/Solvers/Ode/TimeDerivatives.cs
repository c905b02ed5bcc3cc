using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// Derivatives with respect to the output times, those of the exact flow: ∂y(tⱼ)/∂tⱼ = f(tⱼ, yⱼ), and a later start acts as a displacement
/// of the initial state by −f(t₀, y₀). They hold alike for a solve, a replay and the replay of a tangent equation.
/// </summary>
internal static class TimeDerivatives
{
    /// <summary>f(tⱼ, yⱼ) for all output times, as rows.</summary>
    public static Tensor[] Slopes(OdeProblem problem, Tensor times, Tensor[] rows, Tensor[] captures) =>
        AtAll(problem, times.Length).Apply([InState(problem, times), .. rows, .. captures]);

    /// <summary>f(t₀, y₀).</summary>
    public static Tensor[] InitialSlope(OdeProblem problem, Tensor times, Tensor[] y0, Tensor[] captures) =>
        StepFunctions.Evaluate(problem, InState(problem, times)[0], y0, captures);

    /// <summary>The tangent of the initial state that moves with the first time too.</summary>
    public static Tensor[] Start(
        OdeProblem problem,
        Tensor times,
        Tensor? dtimes,
        Tensor[] y0,
        Tensor[] dy0,
        Tensor[] captures
    ) =>
        dtimes is null
            ? dy0
            :
            [
                .. dy0.Zip(
                    InitialSlope(problem, times, y0, captures),
                    (dy, slope) => dy - (slope * InState(problem, dtimes)[0])
                ),
            ];

    /// <summary>
    /// t̄ⱼ = ⟨ȳⱼ, f(tⱼ, yⱼ)⟩, less the effect of the start on all that follows, ⟨ȳ₀, f(t₀, y₀)⟩, at the first; ȳ₀ is the whole cotangent of the
    /// initial state.
    /// </summary>
    public static Tensor Cotangent(
        OdeProblem problem,
        Tensor times,
        Tensor[] y0,
        Tensor[] captures,
        Tensor[] rows,
        Tensor[] rowCotangents,
        ReadOnlySpan<Tensor?> startCotangents
    )
    {
        Tensor perTime = rowCotangents
            .Zip(
                Slopes(problem, times, rows, captures),
                (w, slope) => Tensor.Sum(Tensor.Reshape(w * slope, [w.Shape[0], w.Length / w.Shape[0]]), 1)
            )
            .Aggregate((a, b) => a + b);
        Tensor atStart = startCotangents
            .ToArray()
            .Zip(InitialSlope(problem, times, y0, captures), (w, slope) => Tensor.Sum(w! * slope))
            .Aggregate((a, b) => a + b);
        Tensor isFirst = Tensor.Cast(Tensor.Equal(Tensor.Arange(perTime.Length), 0.0), perTime.DType);
        return Tensor.Cast(perTime - (atStart * isFirst), times.DType);
    }

    /// <summary>Σⱼ t̲ⱼ·⟨wⱼ, f(tⱼ, yⱼ)⟩ pulled back to the rows and to those captures that are needed.</summary>
    public static Tensor[] PullSlopes(
        OdeProblem problem,
        Tensor times,
        Tensor dtimes,
        Tensor[] rows,
        Tensor[] captures,
        Tensor[] weights,
        bool[] needed
    )
    {
        IEnumerable<Tensor> weighted = weights.Select(w => w * AsRows(InState(problem, dtimes), w));
        return AtAll(problem, times.Length)
            .Vjp([false, .. Flags.All(problem.Leaves), .. needed])
            .Apply([InState(problem, times), .. rows, .. captures, .. weighted]);
    }

    /// <summary>t̲₀·⟨w, f(t₀, y₀)⟩ pulled back to the initial state and to those captures that are needed.</summary>
    public static Tensor[] PullInitialSlope(
        OdeProblem problem,
        Tensor times,
        Tensor dtimes,
        Tensor[] y0,
        Tensor[] captures,
        IEnumerable<Tensor> weights,
        bool[] needed
    )
    {
        Tensor first = InState(problem, dtimes)[0];
        return problem
            .Field.Vjp([false, .. Flags.All(problem.Leaves), .. needed])
            .Apply([InState(problem, times)[0], .. y0, .. captures, .. weights.Select(w => w * first)]);
    }

    /// <summary>Numbers per time, shaped to multiply rows.</summary>
    public static Tensor AsRows(Tensor perTime, Tensor like) =>
        Tensor.Reshape(perTime, (int[])[perTime.Length, .. Enumerable.Repeat(1, like.Rank - 1)]);

    /// <summary>Times in the state's element type.</summary>
    public static Tensor InState(OdeProblem problem, Tensor times) => Tensor.Cast(times, problem.Time.DType);

    /// <summary>The field at all output times at once.</summary>
    private static Function AtAll(OdeProblem problem, int count) =>
        problem.Field.Vmap([.. Flags.All(1 + problem.Leaves), .. new bool[problem.Captures.Length]], count);
}

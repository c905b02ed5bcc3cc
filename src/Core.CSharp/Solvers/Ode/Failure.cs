using System.Globalization;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>The texts of failures: what happened, at what time, in which component, the last accepted state, what to try.</summary>
internal static class Failure
{
    public static string MaxSteps(OdeProblem problem, double stop, double time, Stepper stepper, bool isHidden) =>
        Text(
            $"MaxStepsReached: {problem.Options.MaxSteps} steps reached t = {N(time)} of {N(stop)}"
                + (isHidden ? ", where derivatives need shorter steps than the state" : ""),
            stepper,
            problem.AdaptiveControl is null
                ? "Raise MaxSteps, or take larger steps"
                : "Loosen the tolerance, raise MaxSteps, or try a method of higher order; a stiff problem needs an implicit method"
        );

    public static string StepTooSmall(OdeProblem problem, double time, double size, double ratio, Stepper stepper)
    {
        (int leaf, int element) = WorstComponent(problem, stepper);
        return Text(
            $"StepTooSmall: at t = {N(time)} a step of {N(size)} still has an error of {N(ratio)} times the tolerance"
                + $", largest in {Component(problem, leaf, element)}",
            stepper,
            "The solution may blow up or jump there: check the vector field, loosen the tolerance, "
                + (problem.Options.MinStep > 0.0 ? $"lower MinStep (now {N(problem.Options.MinStep)}), " : "")
                + "or solve up to the jump and on from it"
        );
    }

    public static string FieldNotFinite(OdeProblem problem, double time, Stepper stepper)
    {
        string? where = NotFinite(problem, stepper.State) is { } inState
            ? $"the initial state is not finite in {inState}"
            : null;
        return Text(
            $"NonFinite: at t = {N(time)} {where ?? $"the vector field is not finite in {NotFinite(problem, stepper.First)}"}",
            stepper,
            "Check the vector field and the initial state"
        );
    }

    public static string JumpNotFinite(OdeProblem problem, double time, Stepper stepper) =>
        Text(
            $"NonFinite: at t = {N(time)} the state is not finite in {NotFinite(problem, stepper.State)} after its jump there",
            stepper,
            "Check the cotangent of the output at that time"
        );

    public static string StateNotFinite(OdeProblem problem, double time, Stepper stepper)
    {
        string? component =
            NotFinite(problem, stepper.End)
            ?? NotFinite(problem, stepper.State)
            ?? NotFinite(problem, stepper.First)
            ?? NotFinite(problem, stepper.LaterStages);
        return Text(
            $"NonFinite: beyond t = {N(time)} the vector field or the state is not finite in {component ?? "an intermediate stage, or the norm is not"}",
            stepper,
            "The solution may blow up there, or the vector field leaves its domain: check it, or take smaller steps"
        );
    }

    /// <summary>Of a field that fails before there is a step.</summary>
    public static string NotComputed(Exception error) =>
        $"StepFailed: the vector field could not be computed. {error.Message}";

    public static string NotComputed(double time, Stepper stepper, Exception error) =>
        Text(
            $"StepFailed: beyond t = {N(time)} the vector field could not be computed. {error.Message.TrimEnd('.')}",
            stepper,
            "What it solves or factorises may have no answer there: check it, or take smaller steps"
        );

    public static string NotReversible(
        OdeProblem equation,
        (double From, double To) time,
        (double Came, double Was) state,
        int leaf,
        int element
    ) =>
        $"NotReversible: from t = {N(time.From)} back to {N(time.To)} {Component(equation, leaf, element)} came out as {N(state.Came)}, where it had been "
        + $"{N(state.Was)}: the equation forgets, and its derivative cannot be found this way. Differentiate the steps taken (Checkpointed or Direct), "
        + "ask for more output times between, or tighten the tolerance.";

    private static string Text(string what, Stepper stepper, string advice) =>
        $"{what}. Last accepted state: {State(stepper)}. {advice}.";

    private static string State(Stepper stepper) => string.Join("; ", stepper.State.Select(Leaf));

    private static string Leaf(Buffer leaf)
    {
        double[] elements = Elements.ToDoubles(leaf);
        string shown = string.Join(", ", elements.Take(6).Select(N));
        return elements.Length > 6 ? $"[{shown}, … {elements.Length} elements]" : $"[{shown}]";
    }

    private static string? NotFinite(OdeProblem problem, ReadOnlySpan<Buffer> leaves)
    {
        for (int i = 0; i < leaves.Length; i++)
            if (Elements.FirstNotFinite(leaves[i]) is >= 0 and int element)
                return Component(problem, i % problem.Leaves, element);
        return null;
    }

    /// <summary>The component whose estimated error is largest beside what is allowed for it.</summary>
    private static (int Leaf, int Element) WorstComponent(OdeProblem problem, Stepper stepper)
    {
        (int Leaf, int Element) worst = (0, 0);
        double largest = -1.0;
        for (int leaf = 0; leaf < problem.NormLeaves; leaf++)
        {
            double[] before = Elements.ToDoubles(stepper.State[leaf]);
            double[] after = Elements.ToDoubles(stepper.End[leaf]);
            double[] slope = ErrorSlope(problem, stepper, leaf);
            for (int i = 0; i < before.Length; i++)
            {
                double size = Math.Max(Math.Abs(before[i]), Math.Abs(after[i]));
                double allowed = problem.Options.AbsoluteTolerance + (problem.Options.RelativeTolerance * size);
                if (Math.Abs(slope[i]) / allowed is var ratio && ratio > largest)
                    (largest, worst) = (ratio, (leaf, i));
            }
        }
        return worst;
    }

    /// <summary>Σ (bᵢ − b̂ᵢ)kᵢ of one leaf: the error estimate per unit of time.</summary>
    private static double[] ErrorSlope(OdeProblem problem, Stepper stepper, int leaf)
    {
        double[] weights = problem.Method.Error!;
        double[] sum = new double[problem.State[leaf].Shape.Length];
        for (int stage = 0; stage < weights.Length; stage++)
        {
            Buffer k = stage == 0 ? stepper.First[leaf] : stepper.LaterStages[((stage - 1) * problem.Leaves) + leaf];
            double[] elements = Elements.ToDoubles(k);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += weights[stage] * elements[i];
        }
        return sum;
    }

    /// <summary>A component by its indices, and by its leaf when the state has several.</summary>
    private static string Component(OdeProblem problem, int leaf, int element)
    {
        TensorType type = problem.State[leaf];
        int[] index = new int[type.Shape.Rank];
        for (int axis = index.Length - 1; axis >= 0; axis--)
            (element, index[axis]) = Math.DivRem(element, type.Shape[axis]);
        string component = index.Length == 0 ? "the state" : $"component [{string.Join(", ", index)}]";
        return problem.Leaves == 1 ? component : $"{component} of leaf {leaf}";
    }

    private static string N(double x) => x.ToString("g6", CultureInfo.InvariantCulture);
}

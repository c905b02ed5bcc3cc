using System.Globalization;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>The texts of failures: what happened, at what time, in which component, the last accepted state, what to try.</summary>
internal static class Failure
{
    public static string MaxSteps(OdeProblem problem, StepGrid grid, double time, Stepper stepper) =>
        Text(
            $"MaxStepsReached: {problem.Options.MaxSteps} steps reached t = {N(time)} of {N(grid.Last)}",
            stepper,
            "Loosen the tolerance, raise MaxSteps, or try a method of higher order; a stiff problem needs an implicit method"
        );

    public static string StepTooSmall(OdeProblem problem, double time, double size, double ratio, Stepper stepper)
    {
        (int leaf, int element) = WorstComponent(problem, stepper);
        return Text(
            $"StepTooSmall: at t = {N(time)} a step of {N(size)} still has an error of {N(ratio)} times the tolerance"
                + $", largest in {Component(problem, leaf, element)}",
            stepper,
            "The solution may blow up or jump there: check the vector field, loosen the tolerance, or solve up to the jump and on from it"
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

    public static string StateNotFinite(OdeProblem problem, double time, Stepper stepper)
    {
        string? component =
            NotFinite(problem, stepper.End.ToArray())
            ?? NotFinite(problem, stepper.State)
            ?? NotFinite(problem, stepper.First)
            ?? NotFinite(problem, stepper.LaterStages.ToArray());
        return Text(
            $"NonFinite: beyond t = {N(time)} the vector field or the state is not finite in {component ?? "an intermediate stage"}",
            stepper,
            "The solution may blow up there, or the vector field leaves its domain: check it, or take smaller steps"
        );
    }

    private static string Text(string what, Stepper stepper, string advice) =>
        $"{what}. Last accepted state: {State(stepper)}. {advice}.";

    private static string State(Stepper stepper) => string.Join("; ", stepper.State.Select(Leaf));

    private static string Leaf(Buffer leaf)
    {
        double[] elements = Elements.ToDoubles(leaf);
        string shown = string.Join(", ", elements.Take(6).Select(N));
        return elements.Length > 6 ? $"[{shown}, … {elements.Length} elements]" : $"[{shown}]";
    }

    private static string? NotFinite(OdeProblem problem, Buffer[] leaves)
    {
        for (int i = 0; i < leaves.Length; i++)
            if (Elements.FirstNotFinite(leaves[i]) is >= 0 and int element)
                return Component(problem, i % problem.Leaves, element);
        return null;
    }

    /// <summary>The component whose last change is largest beside its size: a guide for the reader, not the estimate itself.</summary>
    private static (int Leaf, int Element) WorstComponent(OdeProblem problem, Stepper stepper)
    {
        (int Leaf, int Element) worst = (0, 0);
        double largest = -1.0;
        for (int leaf = 0; leaf < problem.Leaves; leaf++)
        {
            double[] before = Elements.ToDoubles(stepper.State[leaf]);
            double[] after = Elements.ToDoubles(stepper.End[leaf]);
            for (int i = 0; i < before.Length; i++)
            {
                double change =
                    Math.Abs(after[i] - before[i])
                    / (problem.Options.AbsoluteTolerance + (problem.Options.RelativeTolerance * Math.Abs(before[i])));
                if (change > largest)
                    (largest, worst) = (change, (leaf, i));
            }
        }
        return worst;
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

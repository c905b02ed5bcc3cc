using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>A user's call read into a problem and its data.</summary>
/// <param name="Problem">The traced vector field and how to step.</param>
/// <param name="Y0">The leaves of the initial state.</param>
/// <param name="Captures">What the vector field captured.</param>
/// <param name="Times">The output times, [m].</param>
internal sealed record OdeSetup(OdeProblem Problem, Tensor[] Y0, Tensor[] Captures, Tensor Times)
{
    /// <summary>Whether nothing waits for an open trace: the solve can run now.</summary>
    public bool IsConcrete =>
        !Times.IsTraced && !Y0.Any(leaf => leaf.IsTraced) && !Captures.Any(capture => capture.IsTraced);

    /// <summary>Which captures a derivative may be by: numbers that wait for an open trace, whatever this is of.</summary>
    public ValueArray<bool> Moving => [.. Captures.Select(capture => capture.IsTraced && capture.DType.IsFloat)];

    /// <summary>Traces the vector field once and checks all that can be known before solving.</summary>
    public static OdeSetup Of<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions options)
    {
        Throw.IfMissing(field, "odeint", "the vector field");
        Throw.IfMissing(times, "odeint", "the output times");
        Tensor[] leaves = Tree.Leaves(y0);
        TracedProblem.Check("odeint", leaves);
        Throw.Unless(
            times.Rank == 1 && times.DType != DType.Bool,
            "odeint",
            "the output times must be a vector of numbers",
            $"{times.Type}"
        );
        if (!times.IsTraced)
            StepGrid.Of(times.ToArray());
        Check(options);
        TensorType[] state = Tensor.Types(leaves);
        var time = new TensorType(leaves[0].DType, Shape.Scalar);
        Function traced = Function.Trace(
            "odeint",
            [time, .. state],
            all =>
            {
                T y = Tree.With(y0, all.AsSpan(1));
                return TreeForm.Leaves("odeint", "what the vector field returns", field(all[0], y), "the state", y);
            },
            out Tensor[] captures
        );
        // The instance that is known already: what looks up its plans then compares references instead of graphs.
        OdeProblem problem = ProblemOf(traced, leaves.Length, options).Kernels.Problem;
        return new OdeSetup(problem, leaves, captures, times);
    }

    private static OdeProblem ProblemOf(Function field, int leaves, OdeOptions options) =>
        new(
            field,
            leaves,
            leaves,
            options.Norm is { } norm ? NormOf(norm, field.Results) : null,
            // What is given for a failure changes nothing that is compiled.
            options is { Norm: null, OnFail: OnFail.Throw }
                ? options
                : options with
                {
                    Norm = null,
                    OnFail = OnFail.Throw,
                }
        );

    private static Function NormOf(Func<Tensor[], Tensor> norm, Tensor[] slopes)
    {
        TensorType[] types = Tensor.Types(slopes);
        Function traced = Function.Trace("odeint", types, Size, out Tensor[] captures, hoist: false);
        foreach (Tensor capture in captures)
            Throw.Unless(
                capture.Op is LiteralOp,
                "odeint",
                "the norm must use nothing but the scaled errors and plain numbers",
                $"a captured {capture.Type}"
            );
        return Function.TraceClosed("odeint", types, scaled => traced.Apply([.. scaled, .. captures]));

        Tensor[] Size(Tensor[] scaled)
        {
            Tensor size = norm(scaled);
            Throw.Unless(size.Length == 1, "odeint", "the norm must return a scalar", $"{size.Type}");
            return [Tensor.Reshape(size, Shape.Scalar)];
        }
    }

    private static void Check(OdeOptions options)
    {
        Throw.IfMissing(options.Method, "odeint", "the method");
        Throw.IfMissing(options.Steps, "odeint", "what says which steps to take");
        Throw.IfMissing(options.Adjoint, "odeint", "the adjoint");
        Throw.Unless(
            options.OnFail is OnFail.Throw or OnFail.Nan,
            "odeint",
            "what is given for a failure must be an error or NaN: no trajectory is the best one",
            $"OnFail.{options.OnFail}"
        );
        CheckTolerances(options.RelativeTolerance, options.AbsoluteTolerance, "the tolerances");
        Positive(options.MaxSteps, "the step budget must be positive");
        Positive(options.MaxStep, "the largest step must be positive");
        Positive(options.FirstStep ?? 1.0, "the first step must be positive");
        Throw.Unless(
            options.MinStep >= 0.0 && options.MinStep <= options.MaxStep,
            "odeint",
            "the smallest step must not be negative nor above the largest",
            $"{options.MinStep}, and {options.MaxStep} as the largest"
        );
        if (options.Steps is StepControl.Fixed control)
            Positive(control.Size, "a fixed step must be positive (output times give the direction)");
        if (options.Steps is StepControl.Adaptive adaptive)
            CheckFactors(adaptive);
        Throw.Unless(
            options.Steps is not StepControl.Adaptive || options.Method.HasErrorEstimate,
            "odeint",
            "adaptive steps need a method with an error estimate",
            options.Method.Name
        );
        if (options.Adjoint is Adjoint.Backsolve backsolve)
            CheckTolerances(
                backsolve.RelativeTolerance ?? options.RelativeTolerance,
                backsolve.AbsoluteTolerance ?? options.AbsoluteTolerance,
                "the adjoint's tolerances"
            );
        if (options.Adjoint is Adjoint.Checkpointed checkpointed)
            Throw.Unless(
                checkpointed.Segments >= 2,
                "odeint",
                "at least 2 states must be kept",
                $"{checkpointed.Segments}"
            );
    }

    private static void CheckFactors(StepControl.Adaptive control) =>
        Throw.Unless(
            control is { Safety: > 0.0 and <= 1.0, MinFactor: > 0.0 and < 1.0, MaxFactor: > 1.0 }
                && double.IsFinite(control.Proportional + control.Integral + control.Derivative),
            "odeint",
            "step control needs finite coefficients, a safety factor above 0 and at most 1, and limits of the factor on both sides of 1",
            $"Safety = {control.Safety}, MinFactor = {control.MinFactor}, MaxFactor = {control.MaxFactor} and coefficients {control.Proportional}, {control.Integral}, {control.Derivative}"
        );

    private static void CheckTolerances(double relative, double absolute, string what) =>
        Throw.Unless(
            relative >= 0.0 && absolute >= 0.0 && relative + absolute > 0.0,
            "odeint",
            $"{what} must not be negative nor both zero",
            $"rtol {relative}, atol {absolute}"
        );

    private static void Positive(double value, string must) => Throw.Unless(value > 0.0, "odeint", must, $"{value}");
}

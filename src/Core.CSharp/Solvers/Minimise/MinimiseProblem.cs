using Implicit.Graph;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>The minimisation of a traced function.</summary>
/// <param name="Objective">(x [n], captures) → f.</param>
/// <param name="Steps">The method.</param>
/// <param name="Tolerance">What is allowed for the largest element of the gradient.</param>
/// <param name="MaxSteps">The most steps.</param>
internal sealed record MinimiseProblem(
    Function Objective,
    MinimiseMethod Steps,
    DescentTolerance Tolerance,
    int MaxSteps
) : DescentProblem("minimise", MaxSteps)
{
    public override string ShortForm => "argmin";

    public override bool Cancels => true;

    public override Function Gradient => ObjectiveFunctions.Of(Objective).Gradient;

    public override IDescent Method(Func<Buffer[]> captures)
    {
        var curve = new Lazy<NumericFunction>(() => new(ObjectiveFunctions.Of(Objective).Curve, captures()));
        return Steps.Start(Objective.Arguments[0].Length, (x, v) => curve.Value.Run(x, v)[0]);
    }

    protected override Iteration Trace() =>
        Iteration.Of(
            Name,
            Objective.Arguments[0].Type,
            Objective.ArgumentTypes[1..],
            (x, captures) => At(x, captures, null),
            (state, captures) => At(state.X, captures, state.First),
            // A start far away must not pass what is no minimum: no more than the size of the value itself.
            state =>
                Tensor.Stack([
                    Tensor.MaxNorm(state.Gradient),
                    Tolerance.At(Tensor.Minimum(state.First, 1.0 + Tensor.Abs(state.Value))),
                ])
        );

    private State At(Tensor x, Tensor[] captures, Tensor? first)
    {
        Tensor[] found = ObjectiveFunctions.Of(Objective).ValueAndGradient.Apply([x, .. captures]);
        return new State(x, found[0], found[1], first ?? Tensor.MaxNorm(found[1]));
    }

    /// <summary>A point with the objective and its gradient, and the largest element of the start's.</summary>
    private sealed record State(Tensor X, Tensor Value, Tensor Gradient, Tensor First);
}

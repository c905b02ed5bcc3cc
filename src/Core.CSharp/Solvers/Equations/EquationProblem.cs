using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// All that defines the solve of F(z, θ) = 0 but its data. Compares by structure, so that a loop which solves the same problem again finds
/// what was traced and compiled for it.
/// </summary>
/// <param name="Name">Who solves, for messages.</param>
/// <param name="Residual">(z [n], θ) → F(z, θ) [n].</param>
/// <param name="Method">The method.</param>
/// <param name="Tolerance">What is allowed for the residual.</param>
/// <param name="MaxSteps">The most steps.</param>
internal sealed record EquationProblem(
    string Name,
    Function Residual,
    EquationMethod Method,
    EquationTolerance Tolerance,
    int MaxSteps
) : IReplayable
{
    private static readonly BoundedCache<EquationProblem, Iteration> Iterations = new(problem => problem.Trace());

    public bool SolvesBatches => true;

    public IterationLimits Limits => new(MaxSteps, Method.IsGuarded);

    /// <summary>The method's answers for this problem.</summary>
    private Iteration Iteration => Iterations[this];

    public IItemRows Rows(ItemAxis? items, ReadOnlySpan<Buffer> inputs) => new ItemRows(Iteration, items, inputs);

    public IHostFunction Runner(ItemAxis? items, OnFail onFail) => new IterationRun(this, items, onFail);

    public Function Replay() =>
        Function.TraceClosed(
            Name,
            [Residual.Arguments[0].Type, new TensorType(DType.Int64, []), .. Residual.ArgumentTypes[1..]],
            all =>
            {
                Tensor[] captures = all[2..];
                // What measures a state is no part of it.
                Tensor[] start = Iteration.Init.Apply([all[0], .. captures])[..^1];
                return [Replayed(Iteration, start, all[1], captures)[0]];
            }
        );

    /// <summary>The state after so many steps: whole turns, and what is begun of another.</summary>
    private static Tensor[] Replayed(Iteration iteration, Tensor[] start, Tensor count, Tensor[] captures)
    {
        if (iteration.Between is not { } between)
            return Loops.Repeat(Last, start, count);
        // A short turn is written out, a long one would be long to trace.
        const int Short = 4;
        Tensor most = Tensor.Full([], iteration.StepsPerTurn - 1, DType.Int64);
        Tensor turns = Tensor.Cast(
            Tensor.Floor(Tensor.Cast(count, DType.Float64) / iteration.StepsPerTurn),
            DType.Int64
        );
        return Loops.Repeat(First, Loops.Repeat(Turn, start, turns), count - (turns * iteration.StepsPerTurn));

        Tensor[] First(Tensor[] state) => between.Apply([.. state, .. captures])[..^1];

        Tensor[] Last(Tensor[] state) => iteration.Step.Apply([.. state, .. captures])[..^1];

        Tensor[] Turn(Tensor[] state) =>
            Last(
                iteration.StepsPerTurn > Short
                    ? Loops.Repeat(First, state, most)
                    : Enumerable.Range(1, iteration.StepsPerTurn - 1).Aggregate(state, (before, _) => First(before))
            );
    }

    /// <summary>Whether the residual is stated as f(z) − z, so that f(z) can be read off it.</summary>
    private bool HasImage => Residual.Results[0].Minuend(Residual.Arguments[0]) is not null;

    private Iteration Trace() =>
        Method.IsPlain && Tolerance.OfFixedPoint && HasImage && Residual.Arguments[0].Length > 0 ? Images() : General();

    /// <summary>
    /// The plain iteration z ← f(z). An iterate is kept with its image in place of its residual: then the next iterate is there already.
    /// </summary>
    private Iteration Images()
    {
        return Iteration.Of(
            Name,
            Residual.Arguments[0].Type,
            Residual.ArgumentTypes[1..],
            (z, captures) => (Z: z, Image: Image(z, captures)),
            (state, captures) => (Z: state.Image, Image: Image(state.Image, captures)),
            state => FixedPointMeasure.OfImage(state.Z, state.Image, Tolerance)
        ) with
        {
            Image = 1,
        };

        Tensor Image(Tensor z, Tensor[] captures) => Residual.Apply([z, .. captures])[0].Minuend(z)!;
    }

    private Iteration General() =>
        Iteration.Of(
            Name,
            Residual.Arguments[0].Type,
            Residual.ArgumentTypes[1..],
            Start,
            (state, captures) => Step(state, captures, With(captures).StepOfTurn, At),
            Done,
            Method.IsGuarded ? (state, captures) => Step(state, captures, With(captures).StepOfTurn, Unknown) : null,
            Method.StepsPerTurn > 1 ? (state, captures) => Step(state, captures, With(captures).StepBetween, At) : null
        ) with
        {
            UnreadAtStart = Method.UnreadAtStart,
            StepsPerTurn = Method.StepsPerTurn,
        };

    /// <summary>The norm of the residual, and what is allowed for it.</summary>
    private Tensor Done(State state)
    {
        Tensor? rounding = Method.RoundingOf(state.Z, state.Memory);
        if (rounding is null && Tolerance.OfFixedPoint && state.Z.Length > 0)
            return FixedPointMeasure.Of(state.Z, state.Residual, Tolerance);
        Tensor asked = Tolerance.For(state.Z, state.Residual, state.First);
        return Tensor.Stack([WideNorm.Of(state.Residual), rounding is null ? asked : Tensor.Maximum(asked, rounding)]);
    }

    /// <summary>The method with what its solvers are made of.</summary>
    private EquationMethod With(Tensor[] captures) =>
        Method.WithSolvers(solver => SolverCaptures.Give(solver, captures));

    private State Start(Tensor z, Tensor[] captures)
    {
        var equation = new Equation(Residual, captures);
        Tensor residual = equation.Residual(z);
        return new State(z, residual, WideNorm.Of(residual), With(captures).Init(equation, z, residual));
    }

    private State Step(State state, Tensor[] captures, MethodStep step, Func<Equation, Tensor, Tensor> residual)
    {
        var equation = new Equation(Residual, captures);
        (Tensor next, Tensor[] memory) = step(equation, state.Z, state.Residual, state.Memory);
        return new State(next, residual(equation, next), state.First, memory);
    }

    private static Tensor At(Equation equation, Tensor z) => equation.Residual(z);

    private static Tensor Unknown(Equation equation, Tensor z) => Tensor.Full(z.Shape, double.NaN, z.DType);

    private delegate (Tensor Next, Tensor[] Memory) MethodStep(
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    );

    /// <summary>An iterate with its residual, the norm of the start's residual, and the method's memory.</summary>
    private sealed record State(Tensor Z, Tensor Residual, Tensor First, Tensor[] Memory);
}

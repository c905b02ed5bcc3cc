using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>
/// An iterative method on a problem, as closed functions of one item: all arithmetic of a solve. The driver only decides.
/// </summary>
/// <remarks>
/// A method answers four questions about an immutable state. <i>Init</i> and <i>step</i> are the two functions; <i>done</i> is their last
/// result, a measure [2] of the residual and what is allowed for it; <i>finish</i> is their first result, the iterate that the measure
/// speaks of. Equal iterations share their plans.
/// </remarks>
/// <param name="Init">(start, captures) → (state, measure).</param>
/// <param name="Step">(state, captures) → (state, measure).</param>
internal sealed record Iteration(Function Init, Function Step)
{
    /// <summary>The number of tensors in the state.</summary>
    public int States => Step.Results.Length - 1;

    /// <summary>How many of the last ones hold nothing at the start that a step reads.</summary>
    public int UnreadAtStart { get; init; }

    /// <summary>The step that is taken before every <see cref="StepsPerTurn"/>-th, which is <see cref="Step"/>; null if all steps are that.</summary>
    public Function? Between { get; init; }

    /// <summary>How many steps are a turn: <see cref="Step"/> is the last of them.</summary>
    public int StepsPerTurn { get; init; } = 1;

    /// <summary>
    /// Of the plain iteration z ← f(z) the number of the state that holds f(z), which is all that a step reads; −1 of others. A step from a state that has the
    /// start there does what init does.
    /// </summary>
    public int Image { get; init; } = -1;

    /// <summary>
    /// A step to an iterate whose residual is not computed, and NaN: where it cannot be, the method takes the iterate back. Null of a method that does not.
    /// </summary>
    public Function? Blind { get; init; }

    /// <summary>Traces a method's answers.</summary>
    /// <typeparam name="TState">A tree of tensors, the iterate first.</typeparam>
    /// <param name="name">Who solves, for messages.</param>
    /// <param name="start">The type of the start.</param>
    /// <param name="captures">The types of what the problem captured.</param>
    /// <param name="init">(start, captures) → state.</param>
    /// <param name="step">(state, captures) → state of the same types.</param>
    /// <param name="done">State → its measure [2].</param>
    /// <param name="blind">As a step, without the residual of the iterate that it leads to; null if there is none.</param>
    /// <param name="between">As a step, of those before the last of a turn; null if there are none.</param>
    public static Iteration Of<TState>(
        string name,
        TensorType start,
        TensorType[] captures,
        Func<Tensor, Tensor[], TState> init,
        Func<TState, Tensor[], TState> step,
        Func<TState, Tensor> done,
        Func<TState, Tensor[], TState>? blind = null,
        Func<TState, Tensor[], TState>? between = null
    )
    {
        TState? form = default;
        Function first = Function.TraceClosed(
            name,
            [start, .. captures],
            all => Measured(form = init(all[0], all[1..]))
        );
        int states = first.Results.Length - 1;
        return new Iteration(first, Next(step))
        {
            Blind = blind is null ? null : Next(blind),
            Between = between is null ? null : Next(between),
        };

        Function Next(Func<TState, Tensor[], TState> from) =>
            Function.TraceClosed(
                name,
                [.. first.ResultTypes[..states], .. captures],
                all => Measured(from(Tree.With(form!, all.AsSpan(0, states)), all[states..]))
            );

        Tensor[] Measured(TState state) => [.. Tree.Leaves(state), done(state)];
    }
}

/// <summary>When an iteration that has not converged is given up.</summary>
/// <param name="MaxSteps">The most steps.</param>
/// <param name="IsGuarded">Whether the method itself takes back an iterate whose residual is too large or not finite.</param>
/// <param name="Patience">The most steps without a residual less than all before.</param>
internal readonly record struct IterationLimits(int MaxSteps, bool IsGuarded, int Patience = 100);

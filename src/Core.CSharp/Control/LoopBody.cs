using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// One step of a loop as a closed function: (carries, elements, captures) → (carries, outputs). Its transforms are steps of loops
/// again.
/// </summary>
/// <param name="Step">The function. Its first results have the types of its first arguments.</param>
/// <param name="Carries">How many tensors go from step to step.</param>
/// <param name="Elements">How many are read off sequences, one element per step.</param>
internal sealed record LoopBody(Function Step, int Carries, int Elements)
{
    /// <summary>The arguments of the step: carries, elements, captures.</summary>
    public int Arguments => Step.Arguments.Length;

    /// <summary>The results of the step: carries, outputs.</summary>
    public int Results => Step.Results.Length;

    public bool IsCarry(int argument) => argument < Carries;

    public bool IsElement(int argument) => argument >= Carries && argument < Carries + Elements;

    /// <summary>
    /// Which arguments move when the given ones do: these, and every carry that then moves after some number of steps.
    /// </summary>
    public bool[] Moving(ReadOnlySpan<bool> given)
    {
        bool[] moving = given.ToArray();
        while (true)
        {
            bool[] moved = Step.Moved(moving);
            bool grew = false;
            for (int carry = 0; carry < Carries; carry++)
            {
                grew |= moved[carry] && !moving[carry];
                moving[carry] |= moved[carry];
            }
            if (!grew)
                return moving;
        }
    }

    /// <summary>The results that move when the arguments do that <see cref="Moving"/> gave.</summary>
    public bool[] Moved(ReadOnlySpan<bool> moving)
    {
        bool[] moved = Step.Moved(moving);
        moving[..Carries].CopyTo(moved);
        return moved;
    }

    /// <summary>The highest degree of what a loop of so many steps gives, for the degrees of its arguments; null for no polynomial.</summary>
    public int? Degree(ReadOnlySpan<int> arguments, int length)
    {
        int[] degrees = arguments.ToArray();
        int highest = Degrees.Highest(degrees.AsSpan(0, Carries));
        bool grew = true;
        for (int step = 0; step < length && grew; step++)
        {
            grew = false;
            int?[] results = Degrees.Of(Step, degrees);
            for (int i = 0; i < results.Length; i++)
            {
                if (results[i] is not { } degree)
                    return null;
                highest = Math.Max(highest, degree);
                if (i >= Carries || degree <= degrees[i])
                    continue;
                degrees[i] = degree;
                grew = true;
            }
        }
        return highest;
    }

    /// <summary>The loop with a tangent beside everything that moves; see <see cref="Augmented"/> for its layout.</summary>
    public LoopBody Jvp(bool[] moving)
    {
        var augmented = new Augmented(this, moving);
        Function step = Function.TraceClosed(
            "scan",
            augmented.Pair(Step.ArgumentTypes, i => Step.Arguments[i].Type),
            all =>
            {
                (Tensor[] arguments, Tensor[] tangents) = augmented.Split(all);
                Tensor[] results = Step.Apply(arguments);
                Tensor[] sources = Flags.Chosen<Tensor>(moving, arguments);
                Tensor?[] pushed = Forward.Push(sources, tangents, results);
                return augmented.PairResults(results, i => pushed[i] ?? Tensor.ZerosLike(results[i]));
            }
        );
        return new LoopBody(step, Carries + augmented.MovingCarries, Elements + augmented.MovingElements);
    }

    /// <summary>The loop over batches; every carry has a batch axis afterwards.</summary>
    public LoopBody Vmap(ReadOnlySpan<bool> batched, int size) => this with { Step = Step.Vmap(batched, size) };
}

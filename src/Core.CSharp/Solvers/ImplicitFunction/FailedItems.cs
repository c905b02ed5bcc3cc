using Implicit.Control;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>
/// Derivatives where items may have failed, whose solution is NaN (<see cref="OnFail.Nan"/>): theirs are zero. Nothing is computed at NaN: a failed item
/// of a batch stands there as a copy of one that is solved, and where none is, nothing is computed at all.
/// </summary>
internal sealed class FailedItems
{
    private readonly ImplicitFunction rule;
    private readonly Tensor z;
    private readonly Tensor[] inputs;

    /// <summary>Which items failed, [items]; of one problem a scalar.</summary>
    private readonly Tensor failed;

    /// <summary>The item that stands for each, [items].</summary>
    private readonly Tensor? standIns;

    /// <param name="rule">The derivatives of solutions.</param>
    /// <param name="z">The solution [n], or those of a batch [items, n].</param>
    /// <param name="inputs">(start, captures, a certificate if there is one).</param>
    public FailedItems(ImplicitFunction rule, Tensor z, Tensor[] inputs)
    {
        (this.rule, this.z, this.inputs) = (rule, z, inputs);
        failed = In(z);
        if (rule.Items is not { Size: > 0 } items)
            return;
        Tensor solved = Tensor.Argmax(Tensor.Where(failed, 0.0, 1.0));
        standIns = Tensor.Where(failed, solved, Tensor.Arange(items.Size));
    }

    /// <summary>Which of the solutions, each along the last axis, stand for none.</summary>
    public static Tensor In(Tensor solutions) => Tensor.Any(Tensor.IsNaN(solutions), -1);

    /// <summary>Nothing in place of what belongs to solutions that stand for none.</summary>
    public static Tensor Without(Tensor failed, Tensor all) =>
        Tensor.Where(Tensor.Unsqueeze(failed, -1), Tensor.ZerosLike(all), all);

    /// <summary>As <see cref="ImplicitFunction.Tangent"/>.</summary>
    public Tensor? Tangent(ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = [false, .. Flags.Present(tangents[1..])];
        if (!moving.Contains(true))
            return null;
        return Branches.Cond(
            Tensor.All(failed),
            _ => Tensor.ZerosLike(z),
            given =>
                Without(failed, rule.Tangent(Solved(z), Solved(inputs)!, Solved(Flags.Spread<Tensor>(moving, given)))!),
            Flags.Chosen<Tensor>(moving, tangents!)
        );
    }

    /// <summary>As <see cref="ImplicitFunction.Cotangent"/>.</summary>
    public Tensor?[] Cotangent(Tensor cotangent, ReadOnlySpan<bool> needed)
    {
        bool[] wanted = [false, .. needed[1..]];
        if (!wanted.Contains(true))
            return new Tensor?[needed.Length];
        Tensor[] like = Flags.Chosen<Tensor>(wanted, inputs);
        Tensor[] pulled = Branches.Cond(
            Tensor.All(failed),
            _ => Array.ConvertAll(like, Tensor.ZerosLike),
            weight =>
            {
                Tensor?[] all = rule.Cotangent(Solved(z), Solved(inputs)!, Without(failed, weight), wanted);
                return Differentiation.OrZeros(Flags.Chosen<Tensor?>(wanted, all), like);
            },
            cotangent
        );
        return Flags.Spread<Tensor>(wanted, pulled);
    }

    /// <summary>What belongs to all items, with the parts of those that are solved in place of the others'.</summary>
    private Tensor Solved(Tensor all) => standIns is null ? all : Tensor.Gather(all, standIns);

    /// <summary>The same of inputs or what belongs to them; what all items share stays.</summary>
    private Tensor?[] Solved(Tensor?[] all) =>
        [.. all.Select((part, i) => part is not null && IsBatched(i) ? Solved(part) : part)];

    private bool IsBatched(int input) =>
        rule.Items is { } items && (input == 0 || input > items.Batched.Count || items.Batched[input - 1]);
}

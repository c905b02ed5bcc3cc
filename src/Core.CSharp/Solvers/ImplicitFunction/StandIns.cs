using Implicit.Control;

namespace Implicit.Solvers;

/// <summary>
/// The items of a batch that have a solution, in the places of those that have none: what is computed of a failed item may be NaN, which no zero weight takes
/// away.
/// </summary>
internal sealed class StandIns
{
    private readonly ItemAxis? items;

    /// <summary>The item that stands for each, [items].</summary>
    private readonly Tensor? places;

    /// <param name="items">The batch, if there is one.</param>
    /// <param name="solutions">The solution [n], or those of a batch [items, n].</param>
    public StandIns(ItemAxis? items, Tensor solutions)
    {
        this.items = items;
        Failed = In(solutions);
        if (items is not { Size: > 0 })
            return;
        Tensor solved = Tensor.Argmax(Tensor.Where(Failed, 0.0, 1.0));
        places = Tensor.Where(Failed, solved, Tensor.Arange(items.Size));
    }

    /// <summary>Which items failed, [items]; of one problem a scalar.</summary>
    public Tensor Failed { get; }

    /// <summary>Which of the solutions, each along the last axis, stand for none.</summary>
    public static Tensor In(Tensor solutions) => Tensor.Any(Tensor.IsNaN(solutions), -1);

    /// <summary>Nothing in place of what belongs to solutions that stand for none.</summary>
    public static Tensor Without(Tensor failed, Tensor all) =>
        Tensor.Where(Tensor.Unsqueeze(failed, -1), Tensor.ZerosLike(all), all);

    /// <summary>What belongs to all items, with the parts of those that are solved in place of the others'.</summary>
    public Tensor Of(Tensor all) => places is null ? all : Tensor.Gather(all, places);

    /// <summary>The same of (start, captures) or what belongs to them, and of what follows those; what all items share stays.</summary>
    public Tensor?[] Of(Tensor?[] all) =>
        [.. all.Select((part, i) => part is not null && IsBatched(i) ? Of(part) : part)];

    private bool IsBatched(int input) =>
        items is not null && (input == 0 || input > items.Batched.Count || items.Batched[input - 1]);
}

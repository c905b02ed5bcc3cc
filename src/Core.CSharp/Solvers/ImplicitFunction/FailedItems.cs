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

    private readonly StandIns standIns;

    /// <param name="rule">The derivatives of solutions.</param>
    /// <param name="z">The solution [n], or those of a batch [items, n].</param>
    /// <param name="inputs">(start, captures, a certificate if there is one).</param>
    public FailedItems(ImplicitFunction rule, Tensor z, Tensor[] inputs)
    {
        (this.rule, this.z, this.inputs) = (rule, z, inputs);
        standIns = new StandIns(rule.Items, z);
    }

    private Tensor Failed => standIns.Failed;

    /// <summary>As <see cref="ImplicitFunction.Tangent"/>.</summary>
    public Tensor? Tangent(ReadOnlySpan<Tensor?> tangents)
    {
        bool[] moving = [false, .. Flags.Present(tangents[1..])];
        if (!moving.Contains(true))
            return null;
        return Branches.Cond(
            Tensor.All(Failed),
            _ => Tensor.ZerosLike(z),
            given =>
                StandIns.Without(
                    Failed,
                    rule.Tangent(
                        standIns.Of(z),
                        standIns.Of(inputs)!,
                        standIns.Of(Flags.Spread<Tensor>(moving, given))
                    )!
                ),
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
            Tensor.All(Failed),
            _ => Array.ConvertAll(like, Tensor.ZerosLike),
            weight =>
            {
                Tensor?[] all = rule.Cotangent(
                    standIns.Of(z),
                    standIns.Of(inputs)!,
                    StandIns.Without(Failed, weight),
                    wanted
                );
                return Differentiation.OrZeros(Flags.Chosen<Tensor?>(wanted, all), like);
            },
            cotangent
        );
        return Flags.Spread<Tensor>(wanted, pulled);
    }
}

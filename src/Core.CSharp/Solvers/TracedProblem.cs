using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>A user's function, traced, with the data that it is solved for.</summary>
/// <param name="Function">(unknowns [n], captures) → what is solved for, of one item.</param>
/// <param name="Start">The start as a vector [n]; with an axis of items in front for a batch.</param>
/// <param name="Captures">What the user's function captured, and was given beside the unknowns.</param>
/// <param name="Items">The batch, if it is one.</param>
/// <param name="Unravel">From such vectors to the user's tree.</param>
internal sealed record TracedProblem<T>(
    Function Function,
    Tensor Start,
    Tensor[] Captures,
    ItemAxis? Items,
    Func<Tensor, T> Unravel
)
{
    /// <summary>(z, which items are solved; null if all) → z, once those were held against more than what was solved for.</summary>
    public Func<Tensor, Tensor?, Tensor> Held { get; init; } = (z, _) => z;

    /// <summary>Whether nothing waits for an open trace: the solve can run now.</summary>
    public bool IsConcrete => !Start.IsTraced && !Array.Exists(Captures, capture => capture.IsTraced);

    /// <summary>The same problem with what the solver of a derivative is made of among its captures, and that derivative without it.</summary>
    public (TracedProblem<T> Problem, ImplicitDerivative Derivative) With(ImplicitDerivative derivative)
    {
        var solvers = new SolverCaptures(Captures.Length);
        ImplicitDerivative closed = derivative.Closed(solvers);
        return (With(solvers), closed);
    }

    /// <summary>The same problem with what its solvers are made of among its captures; its function ignores that.</summary>
    public TracedProblem<T> With(SolverCaptures solvers)
    {
        Tensor[] more = solvers.Tensors;
        return more.Length == 0
            ? this
            : this with
            {
                Function = Function.Ignoring(Tensor.Types(more)),
                Captures = [.. Captures, .. more],
                Items = Items is null ? null : Items with { Batched = [.. Items.Batched, .. new bool[more.Length]] },
            };
    }
}

/// <summary>Traces users' functions.</summary>
internal static class TracedProblem
{
    /// <summary>Checks that tensors can be unknowns.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="leaves">The leaves of a start.</param>
    public static void Check(string name, Tensor[] leaves)
    {
        Throw.Unless(leaves.Length > 0, name, "the state must hold at least one tensor", "none");
        foreach (Tensor leaf in leaves)
            Throw.Unless(
                leaf.DType.IsFloat && leaf.DType == leaves[0].DType,
                name,
                "the tensors of the state must be floating-point, of one element type",
                $"{string.Join(", ", leaves.Select(other => other.Type))}"
            );
    }

    /// <summary>One problem.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="function">(the unknowns as a vector, and as a tree) → what is solved for.</param>
    /// <param name="start">Where to start.</param>
    public static TracedProblem<T> One<T>(string name, Func<Tensor, T, Tensor> function, T start)
    {
        Check(name, Tree.Leaves(start));
        (Tensor vector, Func<Tensor, T> unravel) = Ravelling.Ravel(start);
        var traced = Function.Trace(
            name,
            [vector.Type],
            all => [function(all[0], unravel(all[0]))],
            out Tensor[] captures
        );
        return new(traced, vector, captures, null, unravel);
    }

    /// <summary>A batch of problems that the function states as one, read apart along axis 0.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="function">All items' unknowns → what was made of them, of the same types.</param>
    /// <param name="combine">(an item's unknowns as a vector, what was made of them) → what is solved for.</param>
    /// <param name="starts">Where to start: the items along axis 0 of every tensor.</param>
    public static TracedProblem<T> PerItem<T>(
        string name,
        Func<T, Tensor[]> function,
        Func<Tensor, Tensor, Tensor> combine,
        T starts
    )
    {
        Tensor[] leaves = Tree.Leaves(starts);
        int size = Vectorisation.Size(name, leaves);
        Func<Tensor[], Tensor[]> whole = all => function(Tree.With(starts, all));
        var traced = Function.Trace(name, Tensor.Types(leaves), whole, out Tensor[] captures);
        (Function item, Tensor[] given, bool[] isPerItem, bool isSure) = Unbatching.Of(name, traced, captures, size);
        (Tensor one, Func<Tensor, Tensor[]> unravel) = Ravelling.Ravel(
            Array.ConvertAll(leaves, leaf => Tensor.Zeros(leaf.Shape.Skip(1), leaf.DType))
        );
        var problem = Function.TraceClosed(
            name,
            [one.Type, .. Tensor.Types(item.Arguments)[leaves.Length..]],
            all => [combine(all[0], Ravelling.Ravel(item.Apply([.. unravel(all[0]), .. all[1..]])).Vector)]
        );
        var items = new ItemAxis([.. isPerItem], size);
        var all = new TracedProblem<T>(problem, Vectors(leaves), given, items, z => Tree.With(starts, Trees(z)));
        return isSure ? all : all with { Held = Held };

        Tensor Held(Tensor z, Tensor? solved)
        {
            Tensor together = combine(z, Vectors(traced.Apply([.. Trees(z), .. captures])));
            return Separate.Held(name, z, solved, together, items.Map(problem, 1, size).Apply([z, .. given])[0]);
        }

        Tensor Vectors(Tensor[] batch) => Vectorisation.Vmap(state => Ravelling.Ravel(state).Vector, batch);

        Tensor[] Trees(Tensor vectors) => Vectorisation.Vmap(unravel, vectors);
    }

    /// <summary>A batch of problems with data of their own.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="function">(an item's unknowns as a vector, its data, its unknowns as a tree) → what is solved for.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="starts">Where to start: the items along axis 0 of every tensor.</param>
    public static TracedProblem<T> Each<TData, T>(
        string name,
        Func<Tensor, TData, T, Tensor> function,
        TData data,
        T starts
    )
    {
        Tensor[] leaves = Tree.Leaves(starts);
        Tensor[] given = Tree.Leaves(data);
        Check(name, leaves);
        int size = Vectorisation.Size(name, [.. leaves, .. given]);
        T one = Tree.With(starts, Array.ConvertAll(leaves, leaf => Tensor.Zeros(leaf.Shape.Skip(1), leaf.DType)));
        (Tensor vector, Func<Tensor, T> unravel) = Ravelling.Ravel(one);
        var traced = Function.Trace(
            name,
            [vector.Type, .. given.Select(leaf => leaf.Type with { Shape = leaf.Shape.Skip(1) })],
            all => [function(all[0], Tree.With(data, all.AsSpan(1)), unravel(all[0]))],
            out Tensor[] captures
        );
        bool[] batched = new bool[given.Length + captures.Length];
        Array.Fill(batched, true, 0, given.Length);
        return new(
            traced,
            Vectorisation.Vmap(start => Ravelling.Ravel(start).Vector, starts),
            [.. given, .. captures],
            new ItemAxis([.. batched], size),
            all => Vectorisation.Vmap(unravel, all)
        );
    }
}

using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>Linear operators, each traced on vectors, over the captures that any of them has.</summary>
internal sealed class SharedCaptures
{
    private readonly List<(TracedMap Product, TracedMap? Transposed)> maps = [];

    /// <summary>Traces an operator.</summary>
    /// <param name="a">The operator.</param>
    /// <param name="withTranspose">Whether its transpose is traced too, if it states one.</param>
    public void Add(LinearOperator a, bool withTranspose) =>
        maps.Add((Trace(a, a.Product), withTranspose && a.StatesTranspose ? Trace(a.T, a.TransposedProduct) : null));

    /// <summary>The maps of vectors, in the order in which operators were added.</summary>
    public LinearMap[] Close(out Tensor[] captures)
    {
        var positions = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        foreach ((TracedMap product, TracedMap? transposed) in maps)
        foreach (Tensor capture in product.Captures.Concat(transposed?.Captures ?? []))
            positions.TryAdd(capture, positions.Count);
        Tensor[] all = [.. positions.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        captures = all;
        return [.. maps.Select(map => new LinearMap(Over(map.Product), map.Transposed is { } t ? Over(t) : null))];

        Function Over(TracedMap one) =>
            one.Captures.AsSpan().SequenceEqual(all, ReferenceEqualityComparer.Instance)
                ? one.Function
                : Function.TraceClosed(
                    "linearSolve",
                    [one.Function.Arguments[0].Type, .. Tensor.Types(all)],
                    given => one.Function.Apply([given[0], .. one.Captures.Select(own => given[1 + positions[own]])])
                );
    }

    private static TracedMap Trace(LinearOperator a, Func<Tensor, Tensor> product)
    {
        TensorType vector = a.Input with { Shape = [a.Input.Shape.Length] };
        Function function = Function.Trace(
            "linearSolve",
            [vector],
            all => [Tensor.Reshape(product(Tensor.Reshape(all[0], a.Input.Shape)), [a.Output.Shape.Length])],
            out Tensor[] captures
        );
        return new TracedMap(function, captures);
    }

    /// <summary>A linear function of vectors, closed, and what it captured.</summary>
    private readonly record struct TracedMap(Function Function, Tensor[] Captures);
}

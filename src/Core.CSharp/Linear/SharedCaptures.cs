using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>Linear functions, each traced on vectors, over the captures that any of them has.</summary>
internal sealed class SharedCaptures
{
    private readonly List<(Function Function, Tensor[] Captures)> traced = [];

    /// <summary>Traces a product with an operator (or with its transpose, given as such); gives its place.</summary>
    public int Add(LinearOperator a, Func<Tensor, Tensor> product)
    {
        TensorType vector = a.Input with { Shape = [a.Input.Shape.Length] };
        Function function = Function.Trace(
            "linearSolve",
            [vector],
            all => [Tensor.Reshape(product(Tensor.Reshape(all[0], a.Input.Shape)), [a.Output.Shape.Length])],
            out Tensor[] captures
        );
        traced.Add((function, captures));
        return traced.Count - 1;
    }

    /// <summary>The functions (x, captures) → A·x, in their places.</summary>
    public Function[] Close(out Tensor[] captures)
    {
        var positions = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        foreach ((_, Tensor[] own) in traced)
        foreach (Tensor capture in own)
            positions.TryAdd(capture, positions.Count);
        Tensor[] all = [.. positions.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        captures = all;
        return [.. traced.Select(one => Over(one.Function, one.Captures, all, positions))];
    }

    private static Function Over(Function function, Tensor[] own, Tensor[] all, Dictionary<Tensor, int> positions) =>
        own.Length == all.Length && own.Zip(all, ReferenceEquals).All(same => same)
            ? function
            : Function.TraceClosed(
                "linearSolve",
                [function.Arguments[0].Type, .. Tensor.Types(all)],
                given => function.Apply([given[0], .. own.Select(capture => given[1 + positions[capture]])])
            );
}

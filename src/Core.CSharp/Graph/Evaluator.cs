namespace Implicit.Graph;

/// <summary>The one seam through which the graph asks, from above, to be computed; the runtime fills it.</summary>
internal interface IEvaluator
{
    /// <summary>Computes the values of nodes that depend on no open trace.</summary>
    void Evaluate(ReadOnlySpan<Tensor> roots);
}

internal static class Evaluator
{
    private static IEvaluator? current;

    public static IEvaluator Current
    {
        get => current ?? throw new InvalidOperationException("No runtime is loaded.");
        set => current = value;
    }
}

using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>Reading values, and the error for reading one too early.</summary>
internal static class Reading
{
    /// <summary>The elements of a tensor, computed now if they were not before.</summary>
    public static Kernels.Buffer Force(Tensor tensor)
    {
        if (tensor.IsTraced)
            throw WhileTracing(tensor);
        if (tensor.Value is null)
            Evaluator.Current.Evaluate([tensor]);
        return tensor.Value!;
    }

    /// <summary>Computes several tensors with one plan.</summary>
    public static void Force(ReadOnlySpan<Tensor> tensors)
    {
        bool pending = false;
        foreach (Tensor tensor in tensors)
        {
            if (tensor.IsTraced)
                throw WhileTracing(tensor);
            pending |= tensor.Value is null;
        }
        if (pending)
            Evaluator.Current.Evaluate(tensors);
    }

    /// <summary>
    /// Computes the results of a call now, where there are numbers: nothing is gained by waiting, and a failure then shows at the call that caused it.
    /// </summary>
    public static void ForceUnlessTraced(params ReadOnlySpan<Tensor> results)
    {
        foreach (Tensor result in results)
            if (result.IsTraced)
                return;
        Force(results);
    }

    public static TensorException WhileTracing(Tensor tensor)
    {
        string tracer = tensor.HiddenBy?.Name ?? "a transform";
        string must = tensor.HiddenBy is { IsOpen: false }
            ? $"what {tracer} traced a function with must not be kept beyond that: it never has a number. Return it from the function instead"
            : $"a value must not be read while {tracer} traces the function that computes it: there is no number yet. "
                + "Compute with it instead, and use where, cond, whileLoop or scan to branch or loop on it";
        return new TensorException($"[{tracer}] {must}. Received a read of a {tensor.Type}.");
    }
}

using Implicit.Benchmarks;
using TorchSharp;

namespace Implicit.Peers;

/// <summary>
/// What a solver on PyTorch cannot do without: the evaluations of a vector field, and the way back through them. As many as ours has for
/// the case, all at the first state: neither stages nor errors nor outputs are computed.
/// </summary>
internal sealed class Evaluations
{
    private readonly Func<torch.Tensor, torch.Tensor[]> field;
    private readonly torch.Tensor state;
    private readonly torch.Tensor[] inputs;
    private readonly torch.Tensor[] cotangents;

    /// <param name="field">The slopes at a state.</param>
    /// <param name="state">The state.</param>
    /// <param name="parameters">What is differentiated beside the state.</param>
    /// <param name="ours">What our field gives for the state: TorchSharp's must be the same function.</param>
    public Evaluations(
        Func<torch.Tensor, torch.Tensor[]> field,
        torch.Tensor state,
        torch.Tensor[] parameters,
        params Tensor[] ours
    )
    {
        this.field = field;
        this.state = state;
        inputs = [state, .. parameters];
        foreach (torch.Tensor input in inputs)
            input.requires_grad_(true);
        torch.Tensor[] slopes = field(state);
        Bits.RequireSame([.. ours.SelectMany(slope => slope.ToArray())], slopes);
        cotangents = Array.ConvertAll(slopes, slope => torch.ones_like(slope));
    }

    public Action Forward(Measurement ours) => () => Values(Count(ours, "nfe"));

    /// <summary>
    /// One graph of all evaluations, and one way back. Steps that ours takes again are not counted: with memory enough nobody needs to.
    /// </summary>
    public Action ThroughSolver(Measurement ours)
    {
        int values = Count(ours, "nfe");
        int pulled = Math.Min(values, Count(ours, "nfe_backward"));
        return () =>
        {
            Values(values - pulled);
            Pull(pulled);
        };
    }

    /// <summary>The evaluations, and on the way back each product with a cotangent on its own, with the evaluation that it needs.</summary>
    public Action ContinuousAdjoint(Measurement ours)
    {
        int values = Count(ours, "nfe");
        int pulled = Count(ours, "nfe_backward");
        return () =>
        {
            Values(values);
            for (int i = 0; i < pulled; i++)
                Peer.Scoped(() => Pull(1));
        };
    }

    public static int Count(Measurement ours, string fact) => (int)ours.Facts.Single(one => one.Name == fact).Value;

    private void Values(int count)
    {
        for (int i = 0; i < count; i++)
            Peer.Scoped(() => field(state));
    }

    private void Pull(int count)
    {
        using IDisposable recording = torch.enable_grad();
        torch.Tensor[] slopes = [.. Enumerable.Range(0, count).SelectMany(_ => field(state))];
        torch.Tensor[] given = [.. Enumerable.Range(0, count).SelectMany(_ => cotangents)];
        torch.autograd.grad(slopes, inputs, given);
    }
}

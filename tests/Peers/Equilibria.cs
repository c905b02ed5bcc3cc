using Implicit.Benchmarks;
using TorchSharp;

namespace Implicit.Peers;

/// <summary>
/// d. A deep equilibrium layer by plain iteration, which is told how many evaluations ours has and tests nothing: the least that a solver
/// does. xUᵀ + b is computed once. The derivative u ← v + J'u, with as many steps as ours has, shares the graph of one evaluation with
/// the gradients.
/// </summary>
internal static class Equilibria
{
    public static IEnumerable<Peer> All =>
        from n in Equilibrium.Sizes
        let layer = new Lazy<Equilibrium.Layer>(() => new Equilibrium.Layer(n, isHard: false))
        from dtype in (DType[])[DType.Float32, DType.Float64]
        from peer in (Peer[])
            [
                new($"d.deq forward n {n} {dtype} *", Peer.EvaluationsAlone, ours => Forward(layer.Value, dtype, ours)),
                new(
                    $"d.deq forward+backward n {n} {dtype} *",
                    Peer.EvaluationsAlone,
                    ours => Backward(layer.Value, dtype, ours)
                ),
            ]
        select peer;

    private static Action Forward(Equilibrium.Layer layer, DType dtype, Measurement ours)
    {
        torch.Tensor[] data = layer.As(dtype).ToTorch();
        int evaluations = Evaluations.Count(ours, "nfe");
        Bits.RequireSame(layer.Exact, Solve(data, evaluations));
        return () => Solve(data, evaluations);
    }

    private static Action Backward(Equilibrium.Layer layer, DType dtype, Measurement ours)
    {
        torch.Tensor[] data = layer.As(dtype).ToTorch();
        torch.Tensor cotangent = Tensor.Cast(layer.Weights, dtype).ToTorch();
        foreach (torch.Tensor datum in data)
            datum.requires_grad_(true);
        int evaluations = Evaluations.Count(ours, "nfe");
        int steps = Evaluations.Count(ours, "backward_iterations");
        Bits.RequireSame(layer.ExactGradients, Gradients(data, cotangent, evaluations, steps));
        return () => Gradients(data, cotangent, evaluations, steps);
    }

    private static torch.Tensor[] Gradients(torch.Tensor[] data, torch.Tensor cotangent, int evaluations, int steps)
    {
        torch.Tensor root = Solve(data, evaluations).requires_grad_(true);
        using IDisposable recording = torch.enable_grad();
        torch.Tensor image = Map(data, root, Given(data));
        torch.Tensor u = cotangent;
        for (int i = 0; i < steps; i++)
            u = torch.autograd.grad([image], [root], [u], retain_graph: true)[0].add_(cotangent);
        return [.. torch.autograd.grad([image], data, [u])];
    }

    /// <summary>Each iterate is freed as the next is there.</summary>
    private static torch.Tensor Solve(torch.Tensor[] data, int evaluations)
    {
        torch.Tensor given = Given(data);
        torch.Tensor z = torch.zeros_like(given);
        for (int i = 0; i < evaluations; i++)
        {
            using torch.Tensor before = z;
            z = Map(data, before, given);
        }
        return z;
    }

    private static torch.Tensor Given(torch.Tensor[] data) => torch.nn.functional.linear(data[3], data[1], data[2]);

    private static torch.Tensor Map(torch.Tensor[] data, torch.Tensor z, torch.Tensor given) =>
        torch.addmm(given, z, data[0].t(), beta: 1, alpha: 1).tanh_();
}

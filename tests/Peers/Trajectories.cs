using TorchSharp;
using Shared = Implicit.Benchmarks.Trajectories;

namespace Implicit.Peers;

/// <summary>a. One trajectory: the evaluations of its vector field.</summary>
internal static class Trajectories
{
    private static readonly Scalar Births = 1.5;
    private static readonly Scalar Deaths = 3.0;

    public static IEnumerable<Peer> All =>
        [
            new(
                "a.lotka-volterra * dopri5",
                Peer.EvaluationsAlone,
                ours =>
                {
                    var start = Tensor.Of(1.0, 1.0);
                    Tensor slopes = Shared.LotkaVolterra(Tensor.Of(0.0), start);
                    return new Evaluations(LotkaVolterra, start.ToTorch(), [], slopes).Forward(ours);
                }
            ),
        ];

    /// <summary>x′ = 1.5x − xp, p′ = xp − 3p.</summary>
    private static torch.Tensor[] LotkaVolterra(torch.Tensor y)
    {
        torch.Tensor prey = y.select(0, 0);
        torch.Tensor predators = y.select(0, 1);
        torch.Tensor meetings = prey * predators;
        return [torch.stack([(prey * Births) - meetings, meetings - (predators * Deaths)])];
    }
}

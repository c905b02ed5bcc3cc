using TorchSharp;

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
                ours => new Evaluations(LotkaVolterra, torch.tensor([1.0, 1.0]), []).Forward(ours)
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

using Implicit.Benchmarks;
using TorchSharp;

namespace Implicit.Peers;

/// <summary>
/// k. Elementwise functions, one operation after the other. What an operation made is overwritten by the next, as nobody else
/// reads it: that is the least of memory.
/// </summary>
internal static class Loops
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar Quarter = 0.25;
    private static readonly Scalar Two = 2.0;
    private static readonly Scalar Slope = 1.5;
    private static readonly Scalar StepSize = 0.01;
    private static readonly Scalar[] Weights =
    [
        .. Enumerable.Range(0, FusedLoops.Stages).Select(stage => (Scalar)FusedLoops.Weight(stage)),
    ];

    public static IEnumerable<Peer> All =>
        [
            new Peer("k.calls *", Peer.Whole, _ => Calls()),
            .. from length in FusedLoops.Lengths
            from dtype in (DType[])[DType.Float64, DType.Float32]
            from peer in (Peer[])
                [
                    new($"k.tanh {length} {dtype.ToString().ToLowerInvariant()}", Peer.Whole, _ => Tanh(length, dtype)),
                    new(
                        $"k.rk {length} {dtype.ToString().ToLowerInvariant()}",
                        Peer.Whole,
                        _ => RungeKutta(length, dtype)
                    ),
                ]
            select peer,
        ];

    private static Action Calls()
    {
        torch.Tensor x = Uniform.Of([16], 1, 0.0, 1.0).ToTorch();
        return () =>
        {
            torch.Tensor y = x;
            for (int i = 0; i < 10; i++)
                y = (y * x).add_(x).mul_(Half);
        };
    }

    private static Action Tanh(int length, DType dtype)
    {
        torch.Tensor x = FusedLoops.Inputs(1, length, dtype)[0].ToTorch();
        return () => (x * Slope).add_(Quarter).tanh_().mul_(Two);
    }

    /// <summary>y + h(a₁k₁ + … + a₆k₆); a product with a number and a sum are one operation.</summary>
    private static Action RungeKutta(int length, DType dtype)
    {
        torch.Tensor[] x = FusedLoops.Inputs(FusedLoops.Stages + 1, length, dtype).ToTorch();
        return () =>
        {
            torch.Tensor sum = x[0] * Weights[0];
            for (int i = 1; i < FusedLoops.Stages; i++)
                sum.add_(x[i], Weights[i]);
            x[^1].add(sum, StepSize);
        };
    }
}

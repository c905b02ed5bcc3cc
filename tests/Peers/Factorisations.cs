using TorchSharp;
using Shared = Implicit.Benchmarks.Factorisations;

namespace Implicit.Peers;

/// <summary>
/// f. Factorisations, and solves with lower factors. Of LU ours gives U alone; <c>lu_factor</c> leaves both factors in one matrix, which is
/// less work than <c>lu</c>, which takes them apart.
/// </summary>
internal static class Factorisations
{
    public static IEnumerable<Peer> All =>
        from n in Shared.Sizes
        from peer in (Peer[])
            [
                Of("f.cholesky", n, Tensor.Cholesky, a => torch.linalg.cholesky(a), l => l),
                Of("f.lu", n, a => Tensor.Lu(a).U, a => torch.linalg.lu_factor(a).LU, packed => packed.triu()),
                Of("f.qr", n, a => Tensor.Qr(a).Q, a => torch.linalg.qr(a).Q, q => q),
                new($"f.solve {n}x{n}*", Peer.Whole, _ => Solve(n)),
            ]
        select peer;

    /// <param name="name">The case.</param>
    /// <param name="n">Its size.</param>
    /// <param name="ours">What is compared.</param>
    /// <param name="theirs">What is timed.</param>
    /// <param name="same">What of that is ours.</param>
    private static Peer Of(
        string name,
        int n,
        Func<Tensor, Tensor> ours,
        Func<torch.Tensor, torch.Tensor> theirs,
        Func<torch.Tensor, torch.Tensor> same
    ) =>
        new(
            $"{name} {n}x{n}*",
            Peer.Whole,
            _ =>
            {
                torch.Tensor a = Shared.Matrices(n).ToTorch();
                Bits.RequireSame(ours(Shared.Matrices(n)).ToArray(), same(theirs(a)));
                return () => theirs(a);
            }
        );

    private static Action Solve(int n)
    {
        Tensor factors = Tensor.Cholesky(Shared.Matrices(n));
        torch.Tensor l = factors.ToTorch();
        torch.Tensor b = Shared.RightSides(n).ToTorch();
        Tensor ours = Tensor.SolveTriangular(factors, Shared.RightSides(n));
        Bits.RequireSame(ours.ToArray(), torch.linalg.solve_triangular(l, b, upper: false));
        return () => torch.linalg.solve_triangular(l, b, upper: false);
    }
}

using TorchSharp;
using Shared = Implicit.Benchmarks.Products;

namespace Implicit.Peers;

/// <summary>h. Matrix products, into memory that is there already.</summary>
internal static class Products
{
    public static IEnumerable<Peer> All =>
        from dtype in (DType[])[DType.Float32, DType.Float64]
        from size in Shared.Sizes
        select new Peer(
            $"h.gemm {size.M}x{size.K}x{size.N} {dtype}",
            Peer.Whole,
            _ => Product(Shared.Factors(dtype, size.M, size.K, size.N).ToTorch())
        );

    private static Action Product(torch.Tensor[] factors)
    {
        torch.Tensor result = torch.mm(factors[0], factors[1]);
        return () => result.addmm_(factors[0], factors[1], beta: 0, alpha: 1);
    }
}

using TorchSharp;
using Shared = Implicit.Benchmarks.QuadraticPrograms;

namespace Implicit.Peers;

/// <summary>e. Batches of quadratic programs by the method of qpth.</summary>
internal static class QuadraticPrograms
{
    public static IEnumerable<Peer> All =>
        from size in Shared.Sizes
        let batch = new Lazy<Batch>(() => new Batch(new Shared.Batch(size.N, size.M, size.P, size.Items)))
        from one in (Peer[])
            [
                new($"e.qp forward {size} *", Peer.MethodOfQpth, _ => batch.Value.Forward),
                new($"e.qp backward {size} *", Peer.MethodOfQpth, _ => batch.Value.Backward),
                new($"e.qp forward+backward {size} *", Peer.MethodOfQpth, _ => batch.Value.ForwardAndBackward),
            ]
        select one;

    private sealed class Batch
    {
        private readonly torch.Tensor[] data;
        private readonly torch.Tensor cotangent;
        private readonly InteriorPoint solved;

        public Batch(Shared.Batch ours)
        {
            data = ours.Data.ToTorch();
            cotangent = ours.Weights.ToTorch();
            solved = new InteriorPoint(data);
            Bits.RequireSame(ours.Forward().ToArray(), solved.X);
            foreach ((Tensor mine, torch.Tensor theirs) in ours.Gradient().Zip(solved.Pull(cotangent)))
                Bits.RequireSame(mine.ToArray(), theirs);
        }

        public void Forward() => _ = new InteriorPoint(data);

        public void Backward() => solved.Pull(cotangent);

        public void ForwardAndBackward() => new InteriorPoint(data).Pull(cotangent);
    }
}

using Implicit.Benchmarks;
using TorchSharp;

namespace Implicit.Peers;

/// <summary>b and c. Neural ODEs and a flow: the evaluations of their vector fields, and the way back through them.</summary>
internal static class NeuralOdes
{
    private static readonly Scalar Three = 3.0;

    public static IEnumerable<Peer> All =>
        [
            Forward("b.node-demo", Demo),
            ThroughSolver("b.node-demo", Demo),
            ContinuousAdjoint("b.node-demo", Demo),
            Forward("b.node-wide", Wide),
            ThroughSolver("b.node-wide", Wide),
            ContinuousAdjoint("b.node-wide", Wide),
            Forward("c.cnf", () => Flow(isDifferentiated: false)),
            ThroughSolver("c.cnf", () => Flow(isDifferentiated: true)),
        ];

    private static Peer Forward(string name, Func<Evaluations> of) =>
        new($"{name} forward *", Peer.EvaluationsAlone, ours => of().Forward(ours));

    private static Peer ThroughSolver(string name, Func<Evaluations> of) =>
        new($"{name} forward+backward * through the solver*", Peer.EvaluationsAlone, ours => of().ThroughSolver(ours));

    private static Peer ContinuousAdjoint(string name, Func<Evaluations> of) =>
        new(
            $"{name} forward+backward * continuous adjoint",
            Peer.EvaluationsAlone,
            ours => of().ContinuousAdjoint(ours)
        );

    private static Evaluations Demo()
    {
        (Tensor[] layers, Tensor targets) = NeuralOde.DemoStart(DType.Float32);
        torch.Tensor[] p = layers.ToTorch();
        Tensor slopes = Network.Apply(layers, Tensor.Pow(targets[0], 3.0));
        return new Evaluations(y => [Apply(p, y.pow(Three))], targets[0].ToTorch(), p, slopes);
    }

    private static Evaluations Wide()
    {
        (Tensor[] layers, Tensor states) = NeuralOde.WideStart(DType.Float32);
        torch.Tensor[] p = layers.ToTorch();
        return new Evaluations(y => [Apply(p, y)], states.ToTorch(), p, Network.Apply(layers, states));
    }

    /// <summary>
    /// The velocity and its divergence, of which ours gives the negative, by two reverse products, which are recorded where they are
    /// differentiated in turn.
    /// </summary>
    private static Evaluations Flow(bool isDifferentiated)
    {
        (Tensor[] layers, Tensor points) = Benchmarks.Flow.Start(DType.Float32);
        torch.Tensor[] p = layers.ToTorch();
        (Tensor slopes, Tensor change) = Benchmarks.Flow.Field(
            layers,
            Tensor.Zeros([1], DType.Float32),
            points,
            value => value
        );
        torch.Tensor time = torch.zeros(512, 1);
        torch.Tensor[] axes = [Axis(0), Axis(1)];
        return new Evaluations(
            z =>
            {
                using IDisposable recording = torch.enable_grad();
                torch.Tensor velocity = Apply(p, torch.cat([z, time], 1));
                torch.Tensor first = Pull(velocity, z, axes[0], isDifferentiated).select(1, 0);
                torch.Tensor second = Pull(velocity, z, axes[1], isDifferentiated).select(1, 1);
                return [velocity, first + second];
            },
            points.ToTorch(),
            p,
            slopes,
            -change
        );
    }

    private static torch.Tensor Axis(int axis)
    {
        torch.Tensor all = torch.zeros(512, 2);
        all.select(1, axis).fill_(1.0);
        return all;
    }

    private static torch.Tensor Pull(
        torch.Tensor value,
        torch.Tensor x,
        torch.Tensor cotangent,
        bool isDifferentiated
    ) => torch.autograd.grad([value], [x], [cotangent], retain_graph: true, create_graph: isDifferentiated)[0];

    /// <summary>…W₂·tanh(W₁·y + b₁) + b₂.</summary>
    private static torch.Tensor Apply(torch.Tensor[] layers, torch.Tensor y)
    {
        for (int i = 0; i < layers.Length; i += 2)
            y = torch.nn.functional.linear(i == 0 ? y : torch.tanh(y), layers[i], layers[i + 1]);
        return y;
    }
}

using Implicit.Benchmarks;
using TorchSharp;

namespace Implicit.Peers;

/// <summary>Work of TorchSharp that stands beside one of our cases.</summary>
/// <param name="Pattern">Fits the labels of those cases; * stands for anything.</param>
/// <param name="Scope">How much of the case's work it is.</param>
/// <param name="Prepare">Makes what is timed. Our measurement comes first, for it says how many evaluations a solver has.</param>
internal sealed record Peer(string Pattern, string Scope, Func<Measurement, Action> Prepare)
{
    public const string Whole = "all of it";
    public const string EvaluationsAlone = "evaluations alone";

    public const string MethodOfQpth = "the method of qpth";

    public static IEnumerable<Peer> All =>
        [
            .. Trajectories.All,
            .. NeuralOdes.All,
            .. Equilibria.All,
            .. QuadraticPrograms.All,
            .. Factorisations.All,
            .. Products.All,
            .. Loops.All,
        ];

    /// <summary>Times it. What a call makes is freed at its end.</summary>
    public Measurement Beside(Measurement ours)
    {
        Action work = Prepare(ours);
        string method = $"{ours.Case.Method} TorchSharp, {Scope}".TrimStart();
        return new Case(ours.Case.Name, ours.Case.Size, method, () => Scoped(work), _ => []).Run();
    }

    public static void Scoped(Action work)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        work();
    }
}

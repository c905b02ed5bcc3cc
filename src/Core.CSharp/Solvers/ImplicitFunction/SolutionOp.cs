using Implicit.Control;
using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit.Solvers;

/// <summary>The solution of F(z, θ) = 0: (start [n], captures θ) → z [n]; of a batch of such problems with an axis of items in front.</summary>
/// <param name="Finder">How z is found.</param>
/// <param name="Residual">(z, θ) → F(z, θ), of one item.</param>
/// <param name="Derivative">How z is differentiated.</param>
internal sealed record SolutionOp(IFinder Finder, Function Residual, ImplicitDerivative Derivative) : Op
{
    /// <summary>The batch, if there is one.</summary>
    public ItemAxis? Items { get; init; }

    /// <summary>Whether a last input is a certificate (<see cref="ImplicitFunction.HasCertificate"/>).</summary>
    public bool HasCertificate { get; init; }

    /// <summary>What is given for a problem that is not solved.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>What an exact derivative first asks of z.</summary>
    public Isolation Isolation { get; init; }

    public override string Name => Finder.Name;

    public override bool IsDegreeKnown => false;

    public override bool IsCostly => true;

    private ImplicitFunction Rule =>
        Derivative switch
        {
            ImplicitDerivative.Exact exact => new(Name, Residual, exact.Solver!, Items)
            {
                HasCertificate = HasCertificate,
                Isolation = Isolation,
            },
            ImplicitDerivative.Phantom phantom => By(new(phantom.Steps, phantom.Damping)),
            ImplicitDerivative.Neumann neumann => By(new(neumann.Terms + 1, 1.0)),
            _ => By(new(1, 1.0)),
        };

    public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

    public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
        (
            OnFail == OnFail.Nan
                ? new FailedItems(Rule, result, result.InputArray).Tangent(tangents)
                : Rule.Tangent(result, result.InputArray, tangents)
        ) ?? Tensor.ZerosLike(result);

    public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
        OnFail == OnFail.Nan
            ? new FailedItems(Rule, result, result.InputArray).Cotangent(cotangent, needed)
            : Rule.Cotangent(result, result.InputArray, cotangent, needed);

    public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        if (Items is not null || !Finder.SolvesBatches)
            return Mapping.Map(this, inputs, batched, size);
        Throw.Unless(
            !HasCertificate || batched[^1],
            Name,
            "under vmap each item must have a certificate of its own",
            "one for all"
        );
        ReadOnlySpan<bool> captures = HasCertificate ? batched[1..^1] : batched[1..];
        return Tensor.Apply(
            this with
            {
                Items = new([.. captures], size),
            },
            [Batching.Materialise(inputs[0], batched[0], size), .. inputs[1..]]
        );
    }

    public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
        emitter.Host(Finder.Runner(Items, OnFail), HasCertificate ? inputs[..^1] : inputs, [result], [true])[0];

    private ImplicitFunction By(ResidualSeries series) =>
        new(Name, Residual, new LinearSolver.Gmres(), Items) { Series = series };
}

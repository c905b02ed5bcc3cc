using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// All that defines a solve but its data: the traced vector field and how to step. Compares by structure, so that a loop which solves
/// the same problem again finds its plans.
/// </summary>
/// <param name="Field">(t, state leaves, captures) → time derivatives of the leaves.</param>
/// <param name="Leaves">The number of leaves of the state.</param>
/// <param name="NormLeaves">How many of them, from the first, count for the error.</param>
/// <param name="Norm">The user's norm of the scaled errors of these leaves; the root mean square if null.</param>
/// <param name="Options">How to step and how to differentiate; their norm is not used.</param>
internal sealed record OdeProblem(Function Field, int Leaves, int NormLeaves, Function? Norm, OdeOptions Options)
{
    private readonly Memo memo = new();

    private OdeProblem(OdeProblem original)
    {
        (Field, Leaves, NormLeaves, Norm, Options) = original;
        memo = new Memo();
    }

    public Tableau Method => Options.Method;

    /// <summary>The control that steps follow; null if they are of fixed size.</summary>
    public StepControl.Adaptive? AdaptiveControl =>
        Options.Steps switch
        {
            StepControl.Adaptive adaptive => adaptive,
            StepControl.AutomaticControl when Method.IsAdaptiveByDefault => (StepControl.Adaptive)StepControl.I,
            _ => null,
        };

    /// <summary>The types of the leaves of the state.</summary>
    public TensorType[] State => memo.State ??= Tensor.Types(Field.Arguments.AsSpan(1, Leaves));

    /// <summary>The types of what the field captured.</summary>
    public TensorType[] Captures => memo.Captures ??= Tensor.Types(Field.Arguments.AsSpan(1 + Leaves));

    /// <summary>The type of time: a scalar of the state's element type.</summary>
    public TensorType Time => Field.Arguments[0].Type;

    /// <summary>Whether the field reads the time.</summary>
    public bool ReadsTime => memo.ReadsTime ??= Field.UsedArguments[0];

    /// <summary>The compiled pieces that solve it.</summary>
    public OdeKernels Kernels => memo.Kernels ??= OdeKernels.For(this);

    public bool Equals(OdeProblem? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && (Leaves, NormLeaves) == (other.Leaves, other.NormLeaves)
            && Field.Equals(other.Field)
            && Equals(Norm, other.Norm)
            && Options == other.Options
        );

    public override int GetHashCode() => memo.Hash ??= HashCode.Combine(Field, Leaves, NormLeaves, Norm, Options);

    /// <summary>
    /// The problem whose state is (y, ẏ): the tangent of a Runge–Kutta solution is the Runge–Kutta solution of the tangent equation
    /// ẏ′ = ∂f/∂y·ẏ + ∂f/∂θ·θ̇. Captures are followed by the tangents of those that are <paramref name="moving"/>.
    /// </summary>
    public OdeProblem Tangent(ReadOnlySpan<bool> moving)
    {
        bool[] arguments = [false, .. Flags.All(Leaves), .. moving];
        Function jvp = Field.Jvp(arguments);
        TensorType[] tangents = Flags.Chosen<TensorType>(moving, Captures);
        // The JVP takes (t, y, θ, ẏ, θ̇); as a field it takes (t, (y, ẏ), (θ, θ̇)).
        Function field = Function.TraceClosed(
            "odeint",
            [Time, .. State, .. State, .. Captures, .. tangents],
            all =>
            {
                var given = new Arguments(all);
                (Tensor t, Tensor[] y, Tensor[] dy) = (given.Take(), given.Take(Leaves), given.Take(Leaves));
                (Tensor[] theta, Tensor[] dtheta) = (given.Take(Captures.Length), given.Rest);
                return jvp.Apply([t, .. y, .. theta, .. dy, .. dtheta]);
            }
        );
        return this with { Field = field, Leaves = 2 * Leaves };
    }

    /// <summary>What follows from the problem and is looked up in each solve. No part of it, and not copied with it.</summary>
    private sealed class Memo
    {
        public TensorType[]? State { get; set; }

        public TensorType[]? Captures { get; set; }

        public bool? ReadsTime { get; set; }

        public OdeKernels? Kernels { get; set; }

        public int? Hash { get; set; }
    }
}

using System.Collections.Concurrent;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The compiled pieces of a solver for one problem, found again when a loop solves a problem of the same structure. Only what a
/// solve uses is made.
/// </summary>
internal sealed class OdeKernels
{
    private static readonly BoundedCache<OdeProblem, OdeKernels> Known = new(problem => new OdeKernels(problem));

    private readonly ConcurrentDictionary<StepParts, CompiledFunction> steps = new();
    private readonly Lazy<StepResiduals> residuals;
    private readonly Lazy<CompiledFunction> slope;
    private readonly Lazy<CompiledFunction> start;
    private readonly Lazy<CompiledFunction> probe;
    private readonly Lazy<CompiledFunction> denseStages;
    private readonly ConcurrentDictionary<(bool OfDerivatives, ValueArray<bool> Moving), HiddenEquation?> hidden =
        new();
    private readonly ConcurrentDictionary<ValueArray<bool>, OdeKernels> adjoints = new();
    private readonly ConcurrentDictionary<(ValueArray<bool> Needed, Transposed Part), CompiledFunction> transposes =
        new();

    /// <summary>The memory of solves and walks that have ended, for the next ones; others, at the same time, make their own.</summary>
    private readonly Stepper?[] idleSteppers = new Stepper?[(int)StepParts.All + 1];
    private StepTransposes? idleTransposes;

    private OdeKernels(OdeProblem problem)
    {
        Problem = problem;
        residuals = new(() => new StepResiduals(problem));
        slope = new(() => CompiledFunction.For(problem.Field));
        start = new(() => CompiledFunction.For(StepFunctions.Start(problem)));
        probe = new(() => CompiledFunction.For(StepFunctions.Probe(problem)));
        denseStages = new(() => CompiledFunction.For(StepFunctions.DenseStages(problem)));
    }

    public OdeProblem Problem { get; }

    public StepResiduals Residuals => residuals.Value;

    public CompiledFunction Slope => slope.Value;

    public CompiledFunction Start => start.Value;

    public CompiledFunction Probe => probe.Value;

    public CompiledFunction DenseStages => denseStages.Value;

    /// <summary>What has the error that the norm of the state does not see; null if there is none.</summary>
    public HiddenEquation? Hidden(ValueArray<bool>? moving) =>
        hidden.GetOrAdd(
            (moving is not null, moving ?? []),
            key => HiddenEquation.Of(Problem, key.OfDerivatives ? key.Moving : null)
        );

    public CompiledFunction Step(StepParts parts) =>
        steps.GetOrAdd(parts, key => CompiledFunction.For(StepFunctions.Step(Problem, key)));

    /// <summary>Whether the memory of a solve or a walk whose steps give such results is little enough to be left to the next one.</summary>
    public static bool AreSmall(TensorType[] results) => results.Sum(type => type.Bytes) <= OdeTrail.LeastBytes;

    /// <summary>Memory for steps that give such parts, with the state and the captures of a solve.</summary>
    public Stepper Stepper(StepParts parts, ReadOnlySpan<Buffer> y0, ReadOnlySpan<Buffer> captures)
    {
        Stepper stepper = Interlocked.Exchange(ref idleSteppers[(int)parts], null) ?? new Stepper(this, parts);
        stepper.Start(y0, captures);
        return stepper;
    }

    /// <summary>Takes back the memory of steps.</summary>
    public void Keep(Stepper stepper, StepParts parts) =>
        Interlocked.Exchange(ref idleSteppers[(int)parts], stepper)?.Discard();

    /// <summary>Memory for a walk backward, with the captures of a solve.</summary>
    public StepTransposes Transposes(ValueArray<bool> needed, ReadOnlySpan<Buffer> captures)
    {
        StepTransposes? transposes = Interlocked.Exchange(ref idleTransposes, null);
        if (transposes is null || !transposes.Needed.Equals(needed))
            transposes = new StepTransposes(Problem, needed);
        transposes.Begin(captures);
        return transposes;
    }

    /// <summary>Takes back the memory of a walk.</summary>
    public void Keep(StepTransposes transposes) => Volatile.Write(ref idleTransposes, transposes);

    /// <summary>The transpose of a part of a solve, with cotangents of the captures that are needed.</summary>
    public CompiledFunction Transpose(Transposed part, ValueArray<bool> needed) =>
        transposes.GetOrAdd(
            (needed, part),
            key => CompiledFunction.For(BackwardFunctions.Transpose(Problem, key.Part, key.Needed.ToArray()))
        );

    /// <summary>The pieces that solve the adjoint equation for those captures that are needed.</summary>
    public OdeKernels Adjoint(ValueArray<bool> needed) =>
        adjoints.GetOrAdd(needed, flags => ContinuousAdjoint.Equation(Problem, flags.ToArray()).Kernels);

    public static OdeKernels For(OdeProblem problem) => Known[problem];
}

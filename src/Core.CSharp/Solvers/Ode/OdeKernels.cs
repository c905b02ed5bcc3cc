using System.Collections.Concurrent;
using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The compiled pieces of a solver for one problem, found again when a loop solves a problem of the same structure. Only what a
/// solve uses is made.
/// </summary>
internal sealed class OdeKernels
{
    private static readonly BoundedCache<OdeProblem, OdeKernels> Known = new(256, problem => new OdeKernels(problem));

    private readonly Lazy<CompiledFunction> step;
    private readonly Lazy<CompiledFunction> stepAnew;
    private readonly Lazy<CompiledFunction> start;
    private readonly Lazy<CompiledFunction> probe;
    private readonly Lazy<CompiledFunction> denseStages;
    private readonly Lazy<CompiledFunction> interpolate;
    private readonly Lazy<CompiledFunction> advance;
    private readonly Lazy<CompiledFunction> advanceDense;
    private readonly Lazy<CompiledFunction> spread;
    private readonly Lazy<CompiledFunction> add;
    private readonly ConcurrentDictionary<ValueArray<bool>, OdeKernels> adjoints = new();
    private readonly ConcurrentDictionary<(ValueArray<bool> Needed, bool Dense), CompiledFunction> retreats = new();

    private OdeKernels(OdeProblem problem)
    {
        Problem = problem;
        step = new(() => CompiledFunction.For(StepFunctions.Step(problem)));
        stepAnew = new(() => CompiledFunction.For(StepFunctions.StepAnew(problem)));
        start = new(() => CompiledFunction.For(StepFunctions.Start(problem)));
        probe = new(() => CompiledFunction.For(StepFunctions.Probe(problem)));
        denseStages = new(() => CompiledFunction.For(StepFunctions.DenseStages(problem)));
        interpolate = new(() => CompiledFunction.For(StepFunctions.Interpolate(problem)));
        advance = new(() => CompiledFunction.For(GridFunctions.Advance(problem, dense: false)));
        advanceDense = new(() => CompiledFunction.For(GridFunctions.Advance(problem, dense: true)));
        spread = new(() => CompiledFunction.For(GridFunctions.Spread(problem)));
        add = new(() => CompiledFunction.For(GridFunctions.Add(problem)));
    }

    public OdeProblem Problem { get; }

    public CompiledFunction Step => step.Value;

    public CompiledFunction StepAnew => stepAnew.Value;

    public CompiledFunction Start => start.Value;

    public CompiledFunction Probe => probe.Value;

    public CompiledFunction DenseStages => denseStages.Value;

    public CompiledFunction Interpolate => interpolate.Value;

    public CompiledFunction Advance => advance.Value;

    public CompiledFunction AdvanceDense => advanceDense.Value;

    public CompiledFunction Spread => spread.Value;

    public CompiledFunction Add => add.Value;

    public CompiledFunction Retreat(ValueArray<bool> needed, bool dense) =>
        retreats.GetOrAdd(
            (needed, dense),
            key => CompiledFunction.For(GridFunctions.Retreat(Problem, key.Needed.ToArray(), key.Dense))
        );

    /// <summary>The pieces that solve the adjoint equation for those captures that are needed.</summary>
    public OdeKernels Adjoint(ValueArray<bool> needed) =>
        adjoints.GetOrAdd(needed, flags => ContinuousAdjoint.Equation(Problem, flags.ToArray()).Kernels);

    public static OdeKernels For(OdeProblem problem) => Known[problem];
}

using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>All that defines a descent but its data. Compares by structure.</summary>
/// <param name="Name">Who solves, for messages.</param>
/// <param name="MaxSteps">The most steps.</param>
internal abstract record DescentProblem(string Name, int MaxSteps) : IIterative
{
    private static readonly BoundedCache<DescentProblem, Iteration> Evaluations = new(problem => problem.Trace());

    public virtual string ShortForm => Name;

    public bool SolvesBatches => true;

    // The method takes back what does not go down.
    public IterationLimits Limits => new(MaxSteps, IsGuarded: true);

    /// <summary>
    /// The evaluation at a point as an iteration that stays there: the state is (x [n], the objective, its gradient [n], what else the method
    /// needs).
    /// </summary>
    public Iteration Evaluation => Evaluations[this];

    /// <summary>(x [n], captures) → the gradient of what is minimised, [n].</summary>
    public abstract Function Gradient { get; }

    /// <summary>Whether an objective near zero may be a difference of large terms.</summary>
    public abstract bool Cancels { get; }

    public IItemRows Rows(ItemAxis? items, ReadOnlySpan<Buffer> inputs) => new DescentRows(this, items, inputs);

    public IHostFunction Runner(ItemAxis? items, OnFail onFail) => new IterationRun(this, items, onFail);

    /// <summary>A new run of the method.</summary>
    /// <param name="captures">The item's captures.</param>
    public abstract IDescent Method(Func<Buffer[]> captures);

    /// <summary>Traces the evaluation.</summary>
    protected abstract Iteration Trace();
}

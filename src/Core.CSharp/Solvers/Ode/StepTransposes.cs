using System.Runtime.InteropServices;
using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The memory of a walk backward and the calls on it: λ, the cotangent of a state, κ, that of its time derivative, and the totals of the
/// captures' cotangents. Allocates nothing per step, and the next walk has the memory again.
/// </summary>
internal sealed class StepTransposes
{
    private readonly OdeKernels kernels;

    /// <summary>What was looked up, by <see cref="Transposed"/>.</summary>
    private readonly CompiledFunction?[] parts = new CompiledFunction?[(int)Transposed.DenseStages + 1];
    private readonly Buffer[] captures;
    private readonly Cell t;
    private readonly Cell h;
    private readonly int n;
    private readonly bool isSmall;
    private readonly Buffer[] arguments;
    private readonly LinearCombination sum = new();
    private readonly List<Buffer> denseArguments = [];
    private readonly List<Buffer> denseResults = [];
    private readonly Buffer[] startArguments;
    private readonly Buffer[] startResults;
    private Buffer[] cotangents;
    private Buffer[] next;
    private bool isFirst = true;
    private Buffer[] withOutputs = [];
    private DenseCotangents? dense;

    public StepTransposes(OdeProblem problem, ValueArray<bool> needed)
    {
        (kernels, Needed) = (problem.Kernels, needed);
        n = problem.Leaves;
        (t, h) = (new Cell(problem.Time.DType), new Cell(problem.Time.DType));
        CompiledFunction step = Part(Transposed.Step);
        cotangents = step.AllocateResults();
        next = step.AllocateResults();
        isSmall = OdeKernels.AreSmall(step.ResultTypes);
        captures = new Buffer[problem.Captures.Length];
        int results = kernels.Residuals.Own + kernels.Residuals.Types.Length;
        arguments = new Buffer[2 + (2 * n) + captures.Length + results + cotangents.Length];
        (arguments[0], arguments[1]) = (t.Buffer, h.Buffer);
        startArguments = new Buffer[1 + n + captures.Length + cotangents.Length];
        startArguments[0] = t.Buffer;
        startResults = new Buffer[cotangents.Length - n];
    }

    /// <summary>The captures whose cotangents are wanted.</summary>
    public ValueArray<bool> Needed { get; }

    /// <summary>What outputs inside a step give.</summary>
    public DenseCotangents Dense => dense ??= new DenseCotangents(kernels.Problem);

    /// <summary>λ.</summary>
    public ReadOnlySpan<Buffer> Lambda => cotangents.AsSpan(0, n);

    /// <summary>The totals.</summary>
    public ReadOnlySpan<Buffer> Totals => cotangents.AsSpan(2 * n);

    /// <summary>Begins a walk: all cotangents are zero.</summary>
    public void Begin(ReadOnlySpan<Buffer> given)
    {
        given.CopyTo(captures);
        given.CopyTo(arguments.AsSpan(2 + (2 * n)));
        foreach (Buffer cotangent in cotangents)
            cotangent.Clear();
        isFirst = true;
    }

    /// <summary>Leaves the memory to the next walk, or to the pool if it is much. Nobody may read it any more.</summary>
    public void Return()
    {
        if (!isSmall)
        {
            Buffer.Release(cotangents);
            Buffer.Release(next);
            dense?.Release();
            return;
        }
        // Nothing of the solve is held on to.
        Array.Clear(captures);
        arguments.AsSpan(2).Clear();
        Array.Clear(withOutputs);
        startArguments.AsSpan(1).Clear();
        kernels.Keep(this);
    }

    /// <summary>λ += the cotangent of an output that is the current state.</summary>
    public void AddRow(ReadOnlySpan<Buffer> rows, int output)
    {
        for (int leaf = 0; leaf < n; leaf++)
            sum.AddRow(rows[leaf], output, cotangents[leaf]);
    }

    /// <summary>
    /// Goes back over a step, the last first; <paramref name="stages"/> are d and the cotangents of its stages if outputs lie inside it.
    /// </summary>
    public void Step(
        (double Start, double Size) at,
        ReadOnlySpan<Buffer> beginning,
        ReadOnlySpan<Buffer> results,
        ReadOnlySpan<Buffer> stages
    )
    {
        (t.Value, h.Value) = at;
        beginning.CopyTo(arguments.AsSpan(2));
        int first = 2 + beginning.Length + captures.Length;
        results.CopyTo(arguments.AsSpan(first));
        cotangents.CopyTo(arguments, first + results.Length);
        CompiledFunction transpose = StepOf(hasOutputs: !stages.IsEmpty);
        isFirst = false;
        if (stages.IsEmpty)
            transpose.Run(arguments, next);
        else
        {
            if (withOutputs.Length == 0)
                withOutputs = new Buffer[arguments.Length + stages.Length];
            arguments.CopyTo(withOutputs, 0);
            stages.CopyTo(withOutputs.AsSpan(arguments.Length));
            transpose.Run(withOutputs, next);
        }
        (cotangents, next) = (next, cotangents);
    }

    /// <summary>
    /// Goes back over the stages that only dense output needs: from d and the cotangents of all stages to d and those of the step's own.
    /// </summary>
    public void DenseStages(
        (double Start, double Size) at,
        ReadOnlySpan<Buffer> beginning,
        ReadOnlySpan<Buffer> laterStages,
        ReadOnlySpan<Buffer> stages,
        Span<Buffer> own
    )
    {
        (t.Value, h.Value) = at;
        denseArguments.Add(t.Buffer);
        denseArguments.Add(h.Buffer);
        denseArguments.AddRange(beginning[..n]);
        denseArguments.AddRange(captures);
        denseArguments.AddRange(beginning[n..]);
        denseArguments.AddRange(laterStages);
        denseArguments.AddRange(stages);
        denseArguments.AddRange(Totals);
        denseResults.AddRange(own);
        denseResults.AddRange(next.AsSpan(2 * n));
        Part(Transposed.DenseStages)
            .Run(CollectionsMarshal.AsSpan(denseArguments), CollectionsMarshal.AsSpan(denseResults));
        denseArguments.Clear();
        denseResults.Clear();
        for (int i = 2 * n; i < next.Length; i++)
            (cotangents[i], next[i]) = (next[i], cotangents[i]);
    }

    /// <summary>Goes back over the first evaluation.</summary>
    public void Start(double time, Buffer[] y0)
    {
        t.Value = time;
        y0.CopyTo(startArguments, 1);
        captures.CopyTo(startArguments, 1 + n);
        cotangents.CopyTo(startArguments, 1 + n + captures.Length);
        next.AsSpan(0, n).CopyTo(startResults);
        next.AsSpan(2 * n).CopyTo(startResults.AsSpan(n));
        Part(Transposed.Start).Run(startArguments, startResults);
        (cotangents, next) = (next, cotangents);
    }

    private CompiledFunction StepOf(bool hasOutputs) =>
        Part(
            isFirst
                ? hasOutputs
                    ? Transposed.LastStepWithOutputs
                    : Transposed.LastStep
                : hasOutputs
                    ? Transposed.StepWithOutputs
                    : Transposed.Step
        );

    private CompiledFunction Part(Transposed part) => parts[(int)part] ??= kernels.Transpose(part, Needed);
}

using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The memory of a solve and the calls on it: the state, a step tried from it, its stages, its dense output. Allocates nothing per
/// step, unless steps are kept; and the next solve of the problem has the memory again (<see cref="Return"/>), which is in the caches then.
/// </summary>
internal sealed class Stepper
{
    private readonly OdeKernels kernels;
    private readonly OdeProblem problem;
    private readonly Buffer[] captures;
    private readonly Cell t;
    private readonly Cell h;
    private readonly Cell rtol;
    private readonly Cell atol;
    private readonly Buffer[] arguments;
    private readonly Buffer[] slopeArguments;
    private readonly int n;
    private readonly int ratios;
    private readonly StepParts wanted;
    private readonly bool isSmall;

    /// <summary>Results of steps that an earlier solve kept.</summary>
    private readonly Stack<Buffer[]> spares = new();

    private StepParts parts;
    private CompiledFunction step;
    private Buffer[] results;

    /// <summary>Whether buffers that <see cref="Accept"/> sets free belong to a step that is kept.</summary>
    private bool isKept;

    private Interpolation? interpolation;

    /// <param name="kernels">The compiled pieces; they give out steppers (<see cref="OdeKernels.Stepper"/>).</param>
    /// <param name="parts">What steps give.</param>
    public Stepper(OdeKernels kernels, StepParts parts)
    {
        (this.kernels, wanted, this.parts) = (kernels, parts, parts);
        step = kernels.Step(parts);
        problem = kernels.Problem;
        n = problem.Leaves;
        ratios = parts.HasFlag(StepParts.Error) && problem.Method.HasErrorEstimate ? 1 : 0;
        captures = new Buffer[problem.Captures.Length];
        DType dtype = problem.Time.DType;
        (t, h, rtol, atol) = (new Cell(dtype), new Cell(dtype), new Cell(dtype), new Cell(dtype));
        rtol.Value = problem.Options.RelativeTolerance;
        atol.Value = problem.Options.AbsoluteTolerance;
        State = Elements.Zeros(problem.State);
        First = Elements.Zeros(problem.State);
        results = step.AllocateResults();
        isSmall = OdeTrail.Bytes(step.ResultTypes) <= OdeTrail.BudgetBytes;
        arguments = [t.Buffer, h.Buffer, rtol.Buffer, atol.Buffer, .. State, .. HasStages ? First : [], .. captures];
        slopeArguments = [t.Buffer, .. State, .. captures];
    }

    /// <summary>Begins a solve.</summary>
    /// <param name="y0">The initial state; it is copied.</param>
    /// <param name="given">What the field captured.</param>
    public void Start(ReadOnlySpan<Buffer> y0, ReadOnlySpan<Buffer> given)
    {
        Elements.Copy(y0, State);
        foreach (Buffer slope in First)
            slope.Clear();
        SetCaptures(given);
        Evaluations = 0;
    }

    /// <summary>Whether steps give what their transposes read.</summary>
    public bool Records => (parts & StepParts.Residuals) != 0;

    /// <summary>The leaves of y at the beginning of the step.</summary>
    public Buffer[] State { get; }

    /// <summary>k₁ = f(t, y); only of the very first step where stages are not kept.</summary>
    public Buffer[] First { get; }

    /// <summary>y₁ of the step that was tried.</summary>
    public ReadOnlySpan<Buffer> End => results.AsSpan(0, n);

    /// <summary>k₂ … k_s, leaf by leaf, of the step that was tried, if they are kept.</summary>
    public ReadOnlySpan<Buffer> LaterStages =>
        results.AsSpan(n + ratios, HasStages ? n * (problem.Method.Stages - 1) : 0);

    /// <summary>y and k₁ of the step that was tried.</summary>
    public ReadOnlySpan<Buffer> Beginning => arguments.AsSpan(4, 2 * n);

    /// <summary>All results of the step that was tried.</summary>
    public ReadOnlySpan<Buffer> Results => results;

    public ReadOnlySpan<Buffer> Captures => captures;

    /// <summary>Calls of the vector field so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the state and its time derivative, where it is kept, are finite.</summary>
    public bool IsFinite => AreFinite(State) && AreFinite(First);

    /// <summary>Whether the end of the step that was tried is finite.</summary>
    public bool IsEndFinite => AreFinite(End);

    private bool HasStages => (parts & StepParts.Stages) != 0;

    /// <summary>Computes f at the beginning.</summary>
    public void Begin(double time)
    {
        t.Value = time;
        State.CopyTo(slopeArguments, 1);
        kernels.Slope.Run(slopeArguments, First);
        Evaluations++;
    }

    /// <summary>
    /// Computes f at the beginning and gives the size of the first step by Hairer's rule (Hairer, Nørsett, Wanner I, II.4, Starting Step Size).
    /// </summary>
    public double Begin(double time, double direction)
    {
        (double d0, double d1) = StartNorms(time);
        double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
        var result = new Cell(problem.Time.DType);
        h.Value = h0 * direction;
        kernels.Probe.Run(
            [t.Buffer, h.Buffer, .. State, .. First, .. captures, rtol.Buffer, atol.Buffer],
            (Buffer[])[result.Buffer]
        );
        Evaluations++;
        double d2 = result.Value / h0;
        double largest = Math.Max(d1, d2);
        double h1 =
            largest <= 1e-15
                ? Math.Max(1e-6, h0 * 1e-3)
                : Math.Pow(0.01 / largest, 1.0 / (problem.Method.ErrorOrder + 1));
        return double.IsFinite(h1) ? Math.Min(100.0 * h0, h1) : h0;
    }

    /// <summary>Computes a step; gives the ratio of its estimated error to the tolerance, 0 without an estimate.</summary>
    public double Try(double time, double size)
    {
        t.Value = time;
        h.Value = size;
        interpolation?.Invalidate();
        if (isKept)
            results = spares.TryPop(out Buffer[]? spare) ? spare : step.AllocateResults();
        isKept = false;
        step.Run(arguments, results);
        Evaluations += HasStages ? problem.Method.Evaluations : problem.Method.Stages;
        return ratios > 0 ? results[n].Number : 0.0;
    }

    /// <summary>Makes the end of the step that was tried the state.</summary>
    public void Accept()
    {
        int next = (n * problem.Method.Evaluations) + ratios;
        for (int leaf = 0; leaf < n; leaf++)
        {
            Swap(ref arguments[4 + leaf], ref results[leaf]);
            State[leaf] = arguments[4 + leaf];
            if (!HasStages)
                continue;
            Swap(ref arguments[4 + n + leaf], ref results[next + leaf]);
            First[leaf] = arguments[4 + n + leaf];
        }
    }

    /// <summary>The step that was tried, to be accepted now: its buffers are no longer the stepper's own.</summary>
    public StepTape Keep()
    {
        isKept = true;
        return new StepTape(Beginning.ToArray(), [.. results[..n], .. results[(n + ratios)..]]);
    }

    /// <summary>From the next step on, steps give what a solve needs only.</summary>
    public void StopRecording()
    {
        parts &= ~StepParts.Residuals;
        step = kernels.Step(parts);
        results = results[..step.ResultTypes.Length];
        // The beginning of the step that was tried is the end of one that is kept.
        isKept = true;
        spares.Clear();
    }

    /// <summary>Leaves its memory to the next solve, unless that is much. Nobody may read it any more.</summary>
    /// <param name="kept">The steps that were kept, from the first on.</param>
    public void Return(IReadOnlyList<StepTape> kept)
    {
        interpolation?.Invalidate();
        if (parts != wanted || !isSmall)
        {
            foreach (StepTape tape in kept)
                tape.Release(kernels.Residuals.Own);
            return;
        }
        if (kept.Count > 0)
            TakeBack(kept);
        SetCaptures(new Buffer[captures.Length]);
        kernels.Keep(this, wanted);
    }

    /// <summary>Gives back what it holds of kept steps: nobody will use it.</summary>
    public void Discard()
    {
        if (!Records)
            return;
        spares.Push(results);
        foreach (Buffer[] spare in spares)
        foreach (Buffer pack in spare.AsSpan(kernels.Residuals.Own + ratios))
            pack.Release();
    }

    /// <summary>A step that was tried, with its stages: what an explanation of its failure looks at.</summary>
    public Stepper WithStages(double time, double size)
    {
        if (HasStages)
            return this;
        Stepper same = kernels.Stepper(StepParts.Stages, State, captures);
        same.Begin(time);
        same.Try(time, size);
        return same;
    }

    /// <summary>The state at a fraction of the step that was tried. The buffers are only lent.</summary>
    public ReadOnlySpan<Buffer> At(double theta)
    {
        if (theta == 1.0)
            return End;
        interpolation ??= new Interpolation(kernels);
        Evaluations += interpolation.Prepare(t.Buffer, h.Buffer, State, captures, First, LaterStages);
        return interpolation.At(theta, h.Value);
    }

    /// <summary>The buffers of kept steps are its own again: the first began where the stepper did.</summary>
    private void TakeBack(IReadOnlyList<StepTape> kept)
    {
        kept[0].Beginning.AsSpan(0, n).CopyTo(State);
        kept[0].Beginning.AsSpan(n).CopyTo(First);
        kept[0].Beginning.CopyTo(arguments, 4);
        Buffer[] ratio = results[n..(n + ratios)];
        foreach (StepTape tape in kept)
            spares.Push([.. tape.Results[..n], .. ratio, .. tape.Results[n..]]);
        results = spares.Pop();
        isKept = false;
    }

    private void SetCaptures(ReadOnlySpan<Buffer> given)
    {
        given.CopyTo(captures);
        given.CopyTo(arguments.AsSpan(arguments.Length - given.Length));
        given.CopyTo(slopeArguments.AsSpan(1 + n));
    }

    private (double StateNorm, double FieldNorm) StartNorms(double time)
    {
        t.Value = time;
        var state = new Cell(problem.Time.DType);
        var field = new Cell(problem.Time.DType);
        kernels.Start.Run(
            [t.Buffer, .. State, .. captures, rtol.Buffer, atol.Buffer],
            (Buffer[])[.. First, state.Buffer, field.Buffer]
        );
        Evaluations++;
        return (state.Value, field.Value);
    }

    private static bool AreFinite(ReadOnlySpan<Buffer> leaves)
    {
        foreach (Buffer leaf in leaves)
            if (!Elements.AreFinite(leaf))
                return false;
        return true;
    }

    private static Buffer[] Allocate(TensorType[] types) =>
        Array.ConvertAll(types, type => Device.Cpu.Backend.Allocate(type.DType, type.Shape.Length));

    private static void Swap(ref Buffer a, ref Buffer b) => (a, b) = (b, a);
}

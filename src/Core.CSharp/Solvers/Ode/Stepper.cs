using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The memory of a solve and the calls on it: the state, a step tried from it, its stages, its dense output. Allocates nothing per
/// step, unless steps are kept; and the next solve of the problem has the memory again (<see cref="Return"/>), which is in the caches then.
/// </summary>
internal sealed partial class Stepper
{
    /// <summary>The place of y among the arguments of a step; k₁ follows it where stages are kept.</summary>
    private const int StateAt = 4;

    private readonly OdeKernels kernels;
    private readonly OdeProblem problem;
    private readonly Buffer[] captures;
    private readonly Cell t;
    private readonly Cell h;
    private readonly Cell rtol;
    private readonly Cell atol;

    /// <summary>t, h and the tolerances, y, k₁ where stages are kept, and the captures.</summary>
    private readonly Buffer[] arguments;

    /// <summary>t, y and the captures, then the tolerances.</summary>
    private readonly Buffer[] slopeArguments;
    private readonly int n;
    private readonly int ratios;
    private readonly StepParts wanted;
    private readonly bool isSmall;

    private StepParts parts;
    private CompiledFunction step;
    private Buffer[] results;

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
        atol.Value = Math.Max(problem.Options.AbsoluteTolerance, NoScale(dtype));
        State = Elements.Zeros(problem.State);
        First = Elements.Zeros(problem.State);
        results = step.AllocateResults();
        isSmall = OdeKernels.AreSmall(step.ResultTypes);
        arguments = [t.Buffer, h.Buffer, rtol.Buffer, atol.Buffer, .. State, .. HasStages ? First : [], .. captures];
        slopeArguments = [t.Buffer, .. State, .. captures, rtol.Buffer, atol.Buffer];
        startResults = [.. First, new Cell(dtype).Buffer, new Cell(dtype).Buffer];
    }

    /// <summary>
    /// An absolute tolerance of nothing, but above zero: a component that is 0 has no relative scale, and no error of it must not be 0/0. The
    /// reciprocal is finite.
    /// </summary>
    private static double NoScale(DType dtype) => dtype == DType.Float32 ? 1e-37 : 1e-300;

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

    /// <summary>What the field captured.</summary>
    public ReadOnlySpan<Buffer> Captures => captures;

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
    public ReadOnlySpan<Buffer> Beginning => arguments.AsSpan(StateAt, 2 * n);

    /// <summary>All results of the step that was tried.</summary>
    public ReadOnlySpan<Buffer> Results => results;

    /// <summary>Calls of the vector field so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the state and its time derivative, where it is kept, are finite.</summary>
    public bool IsFinite => AreFinite(State) && AreFinite(First);

    /// <summary>Whether the end of the step that was tried is finite.</summary>
    public bool IsEndFinite => AreFinite(End);

    /// <summary>By how many tolerances the elements of the first leaves move in the step that was tried, at the least and at the most.</summary>
    public (double Least, double Most) Moves(int leaves)
    {
        (double Least, double Most) moves = (double.PositiveInfinity, 0.0);
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            (double least, double most) = Elements.Apart(State[leaf], End[leaf], rtol.Value, atol.Value);
            moves = (Math.Min(moves.Least, least), Math.Max(moves.Most, most));
        }
        return moves;
    }

    private bool HasStages => (parts & StepParts.Stages) != 0;

    /// <summary>Computes f at the beginning.</summary>
    public void Begin(double time)
    {
        t.Value = time;
        State.CopyTo(slopeArguments, 1);
        kernels.Slope.Run(slopeArguments.AsSpan(..^2), First);
        Evaluations++;
    }

    /// <summary>Computes a step; gives the ratio of its estimated error to the tolerance, 0 without an estimate.</summary>
    public double Try(double time, double size)
    {
        t.Value = time;
        h.Value = size;
        interpolation?.Invalidate();
        if (isKept)
        {
            emptied.Push(results);
            results = spares.TryPop(out Buffer[]? spare) ? spare : step.AllocateResults();
        }
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
            Swap(ref arguments[StateAt + leaf], ref results[leaf]);
            State[leaf] = arguments[StateAt + leaf];
            if (!HasStages)
                continue;
            Swap(ref arguments[StateAt + n + leaf], ref results[next + leaf]);
            First[leaf] = arguments[StateAt + n + leaf];
        }
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

    /// <summary>
    /// Writes the state at a fraction of the step that was tried into row number <paramref name="row"/> of each of the targets; at 0 it is where the
    /// next step begins.
    /// </summary>
    public void Write(double theta, ReadOnlySpan<Buffer?> targets, int row)
    {
        if (theta is 0.0 or 1.0)
        {
            Elements.WriteRow(theta == 0.0 ? State : End, row, targets);
            return;
        }
        interpolation ??= new Interpolation(kernels);
        Evaluations += interpolation.Prepare(t.Buffer, h.Buffer, State, captures, First, LaterStages);
        interpolation.Write(theta, h.Value, targets, row);
        // Its stages are read where they lie.
        GC.KeepAlive(this);
    }

    private void SetCaptures(ReadOnlySpan<Buffer> given)
    {
        given.CopyTo(captures);
        given.CopyTo(arguments.AsSpan(arguments.Length - given.Length));
        given.CopyTo(slopeArguments.AsSpan(1 + n));
    }

    private static bool AreFinite(ReadOnlySpan<Buffer> leaves)
    {
        foreach (Buffer leaf in leaves)
            if (!Elements.AreFinite(leaf))
                return false;
        return true;
    }

    private static void Swap(ref Buffer a, ref Buffer b) => (a, b) = (b, a);
}

using Implicit.Control;
using Implicit.Ops;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// The descents of the items that still run. For each step every one asks for the objective at one point, and one plan computes it at all of
/// them: the step of an iteration that evaluates at the iterate that it is given.
/// </summary>
internal sealed class DescentRows : IItemRows
{
    /// <summary>The first state behind the point, the objective there and its gradient.</summary>
    private const int FirstPart = 3;

    private readonly ItemRows rows;
    private readonly Descent[] descents;

    /// <summary>Where the descents have asked for the objective, by rows.</summary>
    private readonly Iterate[] trials;

    /// <summary>The numbers of all rows.</summary>
    private readonly int[] all;

    public DescentRows(DescentProblem problem, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        rows = new ItemRows(problem.Evaluation, batch, inputs);
        double rounding = Matrices.Rounding(inputs[0].DType);
        Buffer[] captures = inputs[1..].ToArray();
        var items = batch is null ? null : new ItemBuffers(captures, batch.Batched.Span, batch.Size);
        int[] lengths = [.. problem.Evaluation.Step.ResultTypes.Select(type => type.Shape.Length)];
        descents = new Descent[rows.Count];
        trials = new Iterate[rows.Count];
        all = [.. Enumerable.Range(0, rows.Count)];
        for (int i = 0; i < descents.Length; i++)
        {
            int item = i;
            IDescent method = problem.Method(() => items?.Row(item) ?? captures);
            descents[i] = new Descent(
                method,
                () => new(lengths[0], lengths.AsSpan()[FirstPart..^1]),
                rounding,
                problem.Cancels
            );
        }
    }

    public int Count => rows.Count;

    public int Item(int row) => rows.Item(row);

    public void Init()
    {
        rows.Init();
        for (int row = 0; row < Count; row++)
        {
            if (rows.Failure(row) is not null)
                continue;
            Iterate start = At(row).Try();
            rows.Read(0, row, start.X);
            Fill(start, row);
            At(row).Take(start);
        }
    }

    public void Step()
    {
        for (int row = 0; row < Count; row++)
        {
            trials[row] = At(row).Ask();
            rows.Write(row, trials[row].X);
        }
        rows.Step();
        for (int row = 0; row < Count; row++)
        {
            if (At(row).Failure is null)
                Fill(trials[row], row);
            At(row).Tell();
        }
    }

    /// <summary>A descent is always judged: it need not have taken a step.</summary>
    public ReadOnlySpan<int> Improve(BatchProgress progress) => all.AsSpan(0, Count);

    public string? Failure(int row) => At(row).HasStarted ? At(row).Failure : rows.Failure(row);

    public Measure? Done(int row)
    {
        Descent descent = At(row);
        if (!descent.HasStepped)
            return null;
        Iterate now = descent.Now;
        return new Measure(
            now.IsFinite ? now.Measure.Residual : double.NaN,
            now.Measure.Allowed,
            now.Value,
            descent.Noise
        );
    }

    public void Finish(int row, Buffer target) => Write(row, At(row).Now, target);

    public void FinishBefore(int row, Buffer target) => Write(row, At(row).Before, target);

    public void Remove(int row, bool isSolved) => rows.Remove(row, isSolved);

    public void Settle() => rows.Settle();

    public void Dispose() => rows.Dispose();

    private void Write(int row, Iterate iterate, Buffer target) =>
        Elements.Write(target, Item(row) * iterate.X.Length, iterate.X);

    private Descent At(int row) => descents[Item(row)];

    /// <summary>Reads what was computed for a row at a point. Where the objective cannot be computed, a method tries nearer points.</summary>
    private void Fill(Iterate point, int row)
    {
        if (rows.Failure(row) is not null)
        {
            (point.Value, point.Measure) = (double.NaN, new Measure(double.NaN, 0.0));
            return;
        }
        point.Value = rows.Number(1, row);
        point.Measure = rows.Measured(row);
        rows.Read(2, row, point.Gradient);
        for (int part = 0; part < point.Parts.Length; part++)
            rows.Read(FirstPart + part, row, point.Parts[part]);
    }
}

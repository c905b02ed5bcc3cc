using Implicit.Control;
using Implicit.Ops;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// The descents of the items that still run. For each step every one asks for the objective at one point, and one plan computes it at all of
/// them: the step of an iteration that evaluates at the iterate that it is given.
/// </summary>
internal sealed class DescentRows : IItemRows
{
    private readonly ItemRows rows;
    private readonly int states;
    private readonly Descent[] descents;

    /// <summary>The numbers of all rows.</summary>
    private readonly int[] all;

    public DescentRows(DescentProblem problem, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        rows = new ItemRows(problem.Evaluation, batch, inputs);
        states = problem.Evaluation.States;
        double rounding = Matrices.Rounding(inputs[0].DType);
        Buffer[] captures = inputs[1..].ToArray();
        var items = batch is null ? null : new ItemBuffers(captures, batch.Batched.Span, batch.Size);
        descents = new Descent[rows.Count];
        all = [.. Enumerable.Range(0, rows.Count)];
        for (int i = 0; i < descents.Length; i++)
        {
            int item = i;
            IDescent method = problem.Method(() => items?.Row(item) ?? captures);
            descents[i] = new Descent(method, rounding, problem.Cancels);
        }
    }

    public int Count => rows.Count;

    public int Item(int row) => rows.Item(row);

    public void Init()
    {
        rows.Init();
        for (int row = 0; row < Count; row++)
            if (rows.Failure(row) is null)
                At(row).Take(Found(row, rows.Read(0, row)));
    }

    public void Step()
    {
        double[][] points = new double[Count][];
        for (int row = 0; row < Count; row++)
            rows.Write(row, points[row] = At(row).Ask());
        rows.Step();
        // Where the objective cannot be computed, a method tries nearer points.
        for (int row = 0; row < Count; row++)
            At(row).Tell(rows.Failure(row) is null ? Found(row, points[row]) : Iterate.Unknown(points[row]));
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

    /// <summary>What was computed for a row at a point.</summary>
    private Iterate Found(int row, double[] point)
    {
        double[][] parts = [.. Enumerable.Range(1, states - 1).Select(state => rows.Read(state, row))];
        return new Iterate(point, parts[0][0], parts[1], parts[2..], rows.Measured(row));
    }
}

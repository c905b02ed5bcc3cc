using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The transpose of dense output: the cotangents that outputs inside a step, with cotangents ȳ of their own, give to its beginning, d = Σ ȳ, and to
/// all stages, k̄ᵢ = Σ h·bᵢ(θ)·ȳ.
/// </summary>
internal sealed class DenseCotangents
{
    private readonly OdeProblem problem;
    private readonly LinearCombination combination = new();
    private readonly List<int> outputs = [];

    /// <summary>h·bᵢ(θ) of the stages that have a weight, output by output.</summary>
    private double[] weights;

    /// <summary>The weight of one stage for each output.</summary>
    private double[] column = new double[4];

    /// <summary>d, then k̄₁ … k̄_m, leaf by leaf.</summary>
    private readonly Buffer[] all;

    /// <summary>d and the cotangents of the stages that the step itself has, if there are others.</summary>
    private readonly Buffer[] own;

    public DenseCotangents(OdeProblem problem)
    {
        this.problem = problem;
        weights = new double[column.Length * Dense.Room];
        all = Elements.Zeros(BackwardFunctions.StageTypes(problem, problem.Method.A.Length));
        own = HasExtraStages ? Elements.Zeros(BackwardFunctions.StageTypes(problem, problem.Method.Stages)) : [];
    }

    private DenseWeights Dense => problem.Method.DenseWeights;

    private bool HasExtraStages => problem.Method.ExtraStages > 0;

    /// <summary>Gives its memory back to the pool.</summary>
    public void Release()
    {
        Buffer.Release(all);
        Buffer.Release(own);
    }

    /// <summary>Begins a step.</summary>
    public void Begin() => outputs.Clear();

    /// <summary>Takes up an output at fraction θ of the step.</summary>
    public void Add(int output, double theta, double size)
    {
        if (outputs.Count == column.Length)
        {
            Array.Resize(ref column, 2 * column.Length);
            Array.Resize(ref weights, 2 * weights.Length);
        }
        Dense.Fill(theta, size, weights.AsSpan(outputs.Count * Dense.Room));
        outputs.Add(output);
    }

    /// <summary>d and the cotangents of the stages that the step itself has.</summary>
    /// <param name="rows">The cotangents of all outputs.</param>
    /// <param name="transposes">Go back over the other stages.</param>
    /// <param name="step">The step.</param>
    /// <param name="beginning">y and k₁.</param>
    /// <param name="results">The step's.</param>
    public ReadOnlySpan<Buffer> OfStep(
        ReadOnlySpan<Buffer> rows,
        StepTransposes transposes,
        (double Start, double Size) step,
        ReadOnlySpan<Buffer> beginning,
        ReadOnlySpan<Buffer> results
    )
    {
        for (int leaf = 0; leaf < rows.Length; leaf++)
            OfLeaf(leaf, rows[leaf]);
        if (!HasExtraStages)
            return all;
        ReadOnlySpan<Buffer> laterStages = results.Slice(problem.Leaves, problem.Leaves * (problem.Method.Stages - 1));
        transposes.DenseStages(step, beginning, laterStages, all, own);
        return own;
    }

    /// <summary>d and k̄ of one leaf; of stages without a weight k̄ stays 0.</summary>
    private void OfLeaf(int leaf, Buffer rows)
    {
        int length = all[leaf].Length;
        combination.Begin(length);
        foreach (int output in outputs)
            combination.Add(rows, output * length);
        Array.Fill(column, 1.0, 0, outputs.Count);
        combination.Write(column, null, all[leaf]);
        for (int i = 0; i < Dense.Stages.Length; i++)
        {
            for (int output = 0; output < outputs.Count; output++)
                column[output] = weights[(output * Dense.Room) + i];
            combination.Write(column, null, all[((1 + Dense.Stages[i]) * problem.Leaves) + leaf]);
        }
        GC.KeepAlive(rows);
    }
}

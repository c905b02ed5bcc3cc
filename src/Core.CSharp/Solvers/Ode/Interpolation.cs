using System.Runtime.InteropServices;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Dense output inside one step: y(t + θh) = y + h·Σ bᵢ(θ)kᵢ, with the stages that only it needs.</summary>
internal sealed class Interpolation
{
    private readonly OdeKernels kernels;
    private readonly Tableau method;
    private readonly double[] weights;
    private readonly Buffer[] extraStages;

    /// <summary>What the extra stages are computed from.</summary>
    private readonly List<Buffer> arguments = [];

    /// <summary>For each leaf, the sum of its stages that have a weight.</summary>
    private readonly LinearCombination[] sums;
    private Buffer[] beginning = [];
    private bool isPrepared;

    public Interpolation(OdeKernels kernels)
    {
        this.kernels = kernels;
        method = kernels.Problem.Method;
        weights = new double[method.DenseWeights.Room];
        extraStages = method.ExtraStages > 0 ? kernels.DenseStages.AllocateResults() : [];
        sums = Array.ConvertAll(kernels.Problem.State, _ => new LinearCombination());
    }

    /// <summary>Gives its memory back to the pool.</summary>
    public void Release() => Buffer.Release(extraStages);

    /// <summary>Forgets the step.</summary>
    public void Invalidate() => isPrepared = false;

    /// <summary>
    /// Takes up a step, given its beginning and its stages k₁ and k₂ … k_s, which must stay as they are meanwhile; gives the evaluations this took. Once
    /// per step.
    /// </summary>
    public int Prepare(
        Buffer t,
        Buffer h,
        Buffer[] beginning,
        Buffer[] captures,
        Buffer[] first,
        ReadOnlySpan<Buffer> laterStages
    )
    {
        if (isPrepared)
            return 0;
        isPrepared = true;
        this.beginning = beginning;
        if (method.ExtraStages > 0)
        {
            arguments.Add(t);
            arguments.Add(h);
            arguments.AddRange(beginning);
            arguments.AddRange(captures);
            arguments.AddRange(first);
            arguments.AddRange(laterStages);
            kernels.DenseStages.Run(CollectionsMarshal.AsSpan(arguments), extraStages);
            arguments.Clear();
        }
        for (int leaf = 0; leaf < sums.Length; leaf++)
        {
            sums[leaf].Begin(beginning[leaf].Length);
            foreach (int stage in method.DenseWeights.Stages)
                sums[leaf]
                    .Add(
                        stage == 0 ? first[leaf]
                        : stage < method.Stages ? laterStages[((stage - 1) * sums.Length) + leaf]
                        : extraStages[((stage - method.Stages) * sums.Length) + leaf]
                    );
        }
        return method.ExtraStages;
    }

    /// <summary>Writes the state at fraction θ of a step of size h into row number <paramref name="row"/> of each of the targets.</summary>
    public void Write(double theta, double size, ReadOnlySpan<Buffer?> targets, int row)
    {
        method.DenseWeights.Fill(theta, size, weights);
        for (int leaf = 0; leaf < sums.Length; leaf++)
            sums[leaf].Write(weights, beginning[leaf], targets[leaf]!, row * beginning[leaf].Length);
        // The extra stages are read where they lie.
        GC.KeepAlive(this);
    }
}

using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Dense output inside one step: y(t + θh) = y + h·Σ bᵢ(θ)kᵢ, with the stages that only it needs.</summary>
internal sealed class Interpolation
{
    private readonly OdeKernels kernels;
    private readonly Tableau method;
    private readonly Buffer weights;
    private readonly Buffer[] extraStages;
    private readonly Buffer[] result;
    private readonly Buffer[] arguments;
    private readonly double[] numbers;
    private bool isPrepared;

    public Interpolation(OdeKernels kernels)
    {
        this.kernels = kernels;
        method = kernels.Problem.Method;
        weights = Device.Cpu.Backend.Allocate(kernels.Problem.Time.DType, method.A.Length);
        result = kernels.Interpolate.AllocateResults();
        extraStages = HasExtraStages ? kernels.DenseStages.AllocateResults() : [];
        numbers = new double[method.A.Length];
        arguments = new Buffer[1 + (kernels.Problem.Leaves * (1 + method.A.Length))];
        arguments[0] = weights;
        extraStages.CopyTo(arguments, arguments.Length - extraStages.Length);
    }

    private bool HasExtraStages => method.A.Length > method.Stages;

    /// <summary>Gives its memory back to the pool.</summary>
    public void Release()
    {
        Buffer.Release(result);
        Buffer.Release(extraStages);
    }

    /// <summary>Forgets the step.</summary>
    public void Invalidate() => isPrepared = false;

    /// <summary>Takes up a step, given its stages k₁ and k₂ … k_s; gives the evaluations this took. Once per step.</summary>
    public int Prepare(
        Buffer t,
        Buffer h,
        Buffer[] state,
        Buffer[] captures,
        Buffer[] first,
        ReadOnlySpan<Buffer> laterStages
    )
    {
        if (isPrepared)
            return 0;
        isPrepared = true;
        state.CopyTo(arguments, 1);
        first.CopyTo(arguments, 1 + state.Length);
        laterStages.CopyTo(arguments.AsSpan(1 + state.Length + first.Length));
        if (!HasExtraStages)
            return 0;
        kernels.DenseStages.Run([t, h, .. state, .. captures, .. first, .. laterStages], extraStages);
        return method.A.Length - method.Stages;
    }

    /// <summary>The state at fraction θ of a step of size h. The buffers are only lent.</summary>
    public ReadOnlySpan<Buffer> At(double theta, double size)
    {
        method.Weigh(theta, size, numbers);
        Elements.Write(weights, numbers);
        kernels.Interpolate.Run(arguments, result);
        return result;
    }
}

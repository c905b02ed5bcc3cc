using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>What the transpose of a step reads of it.</summary>
/// <param name="Beginning">y and k₁, leaf by leaf.</param>
/// <param name="Results">The results of <see cref="StepResiduals.Step"/> with packs.</param>
internal readonly record struct StepTape(Buffer[] Beginning, Buffer[] Results)
{
    /// <summary>Gives back what lies behind the step's own results: the packs, most of its memory.</summary>
    public void Release(int own) => Buffer.Release(Results.AsSpan(own));
}

using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>What the transpose of a step reads of it.</summary>
/// <param name="Beginning">y and k₁, leaf by leaf.</param>
/// <param name="Results">The results of <see cref="StepResiduals.Step"/> with packs.</param>
internal readonly record struct StepTape(Buffer[] Beginning, Buffer[] Results)
{
    /// <summary>Gives its memory back to the pool. Neighbouring steps share some, which is given back once.</summary>
    public void Release()
    {
        Buffer.Release(Beginning);
        Buffer.Release(Results);
    }
}

namespace Implicit.Backends.Cpu;

/// <summary>Work that is written once for every width of vectors; <see cref="VectorWidth"/> chooses.</summary>
internal interface IVectorWork
{
    /// <summary>Does the work in vectors of float64, float32, int64 and truth values, all of one width.</summary>
    void Run<D, F, L, B>()
        where D : unmanaged, ILanes<D, double>
        where F : unmanaged, ILanes<F, float>
        where L : unmanaged, ILanes<L, long>
        where B : unmanaged, ILanes<B, byte>;
}

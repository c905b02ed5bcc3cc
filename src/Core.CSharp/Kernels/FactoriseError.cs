namespace Implicit.Kernels;

/// <summary>What is raised when a factorisation cannot go on, in the words of whoever needs the factors. Compares by structure, as kernels do.</summary>
internal abstract record FactoriseError
{
    /// <summary>
    /// Whether an LU factorisation of finite numbers goes on without a pivot, which leaves a zero on U's diagonal, so that whoever divides by it
    /// raises.
    /// </summary>
    public virtual bool TakesSingular => false;

    /// <summary>The error of an item.</summary>
    /// <param name="pivot">Its pivot, or row, that failed.</param>
    /// <param name="isFinite">Whether its matrix is.</param>
    /// <param name="item">Its place in the batch.</param>
    /// <param name="items">How many there are.</param>
    public abstract Exception Of(int pivot, bool isFinite, int item, int items);
}

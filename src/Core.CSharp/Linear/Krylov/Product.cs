namespace Implicit.Linear;

/// <summary>The linear maps that a Krylov method multiplies with.</summary>
internal enum Factor
{
    /// <summary>A.</summary>
    Operator,

    /// <summary>Aᵀ.</summary>
    Transpose,

    /// <summary>The preconditioner on the left.</summary>
    Left,

    /// <summary>The preconditioner on the right.</summary>
    Right,
}

/// <summary>What a method of one item waits for: target ← the factors, one after the other, applied to the source.</summary>
/// <param name="Factors">The first is applied first.</param>
/// <param name="Source">The vector.</param>
/// <param name="Target">Its image; of the length of every image on the way. It may be the source.</param>
internal readonly record struct Product<T>(Factor[] Factors, KrylovVector<T> Source, KrylovVector<T> Target)
    where T : unmanaged
{
    private static readonly Factor[][] Single = [.. Enum.GetValues<Factor>().Select(factor => (Factor[])[factor])];

    /// <summary>Whether it is no product, which is what a sequence that goes on later pauses with.</summary>
    public bool IsPause => Factors is null;

    public Product(Factor factor, KrylovVector<T> source, KrylovVector<T> target)
        : this(Single[(int)factor], source, target) { }
}

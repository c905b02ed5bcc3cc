namespace Implicit.Linear;

/// <summary>A vector in the memory of a <see cref="KrylovSpace{T}"/>, which must be reachable as long as this is used.</summary>
internal readonly unsafe struct KrylovVector<T>(T* pointer, int length)
    where T : unmanaged
{
    public T* Pointer => pointer;

    public int Length => length;

    public Span<T> Span => new(pointer, length);

    public static implicit operator Span<T>(KrylovVector<T> vector) => vector.Span;

    public static implicit operator ReadOnlySpan<T>(KrylovVector<T> vector) => vector.Span;

    public void CopyTo(KrylovVector<T> target) => Span.CopyTo(target.Span);
}

using Implicit.Backends.Cpu;

namespace Implicit.Linear;

/// <summary>All memory of a batch of solves, of the lengths of the equations and of the unknowns.</summary>
internal sealed class KrylovMemory<T>(int items, int equations, int unknowns) : IDisposable
    where T : unmanaged
{
    /// <summary>Vectors that the loop works on.</summary>
    public KrylovSpace<T> Equations { get; } = new(items, equations);

    /// <summary>Vectors that the loop works on.</summary>
    public KrylovSpace<T> Unknowns { get; } = new(items, unknowns);

    /// <summary>The method's own.</summary>
    public KrylovSpace<T> LeftBasis { get; } = new(items, equations);

    /// <summary>The method's own.</summary>
    public KrylovSpace<T> RightBasis { get; } = new(items, unknowns);

    /// <summary>The numbers of the problems that methods reduce theirs to.</summary>
    public HessenbergSpace Problems { get; } = new(Pool.Shared, items);

    public void Dispose()
    {
        Equations.Dispose();
        Unknowns.Dispose();
        LeftBasis.Dispose();
        RightBasis.Dispose();
        Problems.Dispose();
    }
}

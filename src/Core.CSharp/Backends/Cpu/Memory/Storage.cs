namespace Implicit.Backends.Cpu;

/// <summary>Owns one block of a pool, which gets it back when nobody refers to this object any more.</summary>
internal sealed unsafe class Storage
{
    private readonly Pool pool;

    public Storage(Pool pool, long bytes)
    {
        this.pool = pool;
        Pointer = pool.Rent(bytes, out long capacity);
        Capacity = capacity;
    }

    ~Storage()
    {
        Release();
    }

    public byte* Pointer { get; private set; }

    /// <summary>The block's bytes, at least those asked for.</summary>
    public long Capacity { get; }

    /// <summary>Whether it has a block.</summary>
    public bool IsHeld => Pointer != null;

    /// <summary>Takes a block again, of the same size, after it gave its own back.</summary>
    public void Renew() => Pointer = pool.Rent(Capacity, out _);

    /// <summary>Gives the block back now; for an owner who knows that there is no other.</summary>
    public void Release()
    {
        if (Pointer != null)
            pool.Return(Pointer, Capacity);
        Pointer = null;
    }
}

using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Memory;

public sealed unsafe class PoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    public void A_block_is_aligned_large_enough_and_little_larger(long bytes)
    {
        var pool = new Pool(1 << 24);
        byte* block = pool.Rent(bytes, out long capacity);
        Assert.Equal(0, (long)block % 64);
        Assert.InRange(capacity, Math.Max(bytes, 1), Math.Max(1024, bytes * 5 / 4 + 1));
        block[capacity - 1] = 1;
        pool.Return(block, capacity);
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(capacity, pool.Kept);
    }

    [Fact]
    public void A_block_that_came_back_is_given_again()
    {
        var pool = new Pool(1 << 24);
        byte* first = pool.Rent(3000, out long capacity);
        pool.Return(first, capacity);
        Assert.True(first == pool.Rent(2900, out _));
    }

    [Fact]
    public void Few_free_blocks_are_kept()
    {
        var pool = new Pool(1 << 16);
        var blocks = new List<(nint Block, long Capacity)>();
        for (int i = 0; i < 100; i++)
            blocks.Add(((nint)pool.Rent(1 << 14, out long capacity), capacity));
        foreach ((nint block, long capacity) in blocks)
            pool.Return((byte*)block, capacity);
        Assert.Equal(0, pool.Outstanding);
        Assert.InRange(pool.Kept, 1, 50 << 14);
    }

    /// <summary>No process has 2⁴⁹ bytes.</summary>
    [Fact]
    public void What_is_kept_is_given_back_where_memory_is_short()
    {
        var pool = new Pool(1 << 24);
        byte* block = pool.Rent(1 << 20, out long capacity);
        pool.Return(block, capacity);
        Assert.Throws<OutOfMemoryException>(() => pool.Rent(1L << 49, out _));
        Assert.Equal((0, 0), (pool.Kept, pool.Outstanding));
        pool.Return(pool.Rent(1 << 20, out capacity), capacity);
        Assert.Equal(capacity, pool.Kept);
    }

    /// <summary>What an earlier work left must not keep a later one from having its own blocks again.</summary>
    [Fact]
    public void Blocks_that_nobody_asks_for_make_room_for_those_in_use()
    {
        var pool = new Pool(1 << 16);
        byte* first = pool.Rent(1 << 16, out long stale);
        byte* second = pool.Rent(1 << 16, out _);
        pool.Return(first, stale);
        pool.Return(second, stale);
        Assert.Equal(2 << 16, pool.Kept);
        byte* used = pool.Rent(1 << 14, out long capacity);
        pool.Return(used, capacity);
        Assert.Equal((1 << 16) + capacity, pool.Kept);
        Assert.True(used == pool.Rent(1 << 14, out _));
    }

    /// <summary>One block beyond all that is kept goes back at once, and drives nothing else out.</summary>
    [Fact]
    public void A_block_that_is_too_large_is_not_kept()
    {
        var pool = new Pool(1 << 16);
        byte* small = pool.Rent(1 << 14, out long capacity);
        pool.Return(small, capacity);
        byte* large = pool.Rent(1 << 20, out long most);
        pool.Return(large, most);
        Assert.Equal(capacity, pool.Kept);
    }

    [Fact]
    public void Dropping_results_for_ever_holds_the_working_set()
    {
        var pool = new Pool(1 << 20);
        long most = 0;
        for (int i = 0; i < 20_000; i++)
        {
            Use(new Storage(pool, 1 << (10 + (i % 7))));
            most = Math.Max(most, pool.Outstanding + pool.Kept);
        }
        Assert.InRange(most, 1, 4 << 20);
    }

    /// <summary>Else garbage of a thousand steps would pile up in a process that once held much, all of it in pages never touched before.</summary>
    [Fact]
    public void A_peak_that_is_over_allows_no_more_garbage()
    {
        var pool = new Pool(1 << 18);
        HoldAndRelease(pool, 1000);
        long most = 0;
        for (int i = 0; i < 5000; i++)
        {
            Use(new Storage(pool, 1 << 14));
            most = Math.Max(most, pool.Outstanding);
        }
        Assert.InRange(most, 1 << 14, 2 << 18);
    }

    [Fact]
    public void What_is_live_raises_the_budget()
    {
        var pool = new Pool(1 << 16);
        var live = new List<Storage>();
        for (int i = 0; i < 200; i++)
            live.Add(new Storage(pool, 1 << 14));
        Assert.Equal(200L << 14, pool.Outstanding);
        Assert.Equal(200, live.Select(storage => (nint)storage.Pointer).Distinct().Count());
    }

    [Fact]
    public void A_block_that_is_released_comes_back_once()
    {
        var pool = new Pool(1 << 20);
        var storage = new Storage(pool, 1 << 14);
        storage.Release();
        storage.Release();
        Assert.Equal((0, storage.Capacity), (pool.Outstanding, pool.Kept));
    }

    [Fact]
    public void Releasing_a_tiny_buffer_takes_nothing_from_its_neighbours()
    {
        HostBuffer[] buffers = [.. Enumerable.Range(0, 3).Select(_ => HostBuffer.Allocate(DType.Int64, 8))];
        buffers[1].Release();
        buffers[2].Write<long>([1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(3, buffers[2].Read<long>()[2]);
    }

    [Fact]
    public void Threads_share_a_pool()
    {
        var pool = new Pool(1 << 20);
        Parallel.For(
            0,
            4,
            thread =>
            {
                var held = new Storage[16];
                for (int i = 0; i < 20_000; i++)
                {
                    Storage storage = new(pool, 1024 + (i % 5 * 1000));
                    *(long*)storage.Pointer = i + ((long)thread << 32);
                    held[i % 16] = storage;
                    Storage other = held[(i + 5) % 16] ?? storage;
                    Assert.Equal(thread, *(long*)other.Pointer >> 32);
                    GC.KeepAlive(other);
                }
            }
        );
    }

    [Fact]
    public void Tiny_buffers_of_a_thread_do_not_overlap()
    {
        HostBuffer[] buffers = [.. Enumerable.Range(0, 3000).Select(i => HostBuffer.Allocate(DType.Int64, i % 128))];
        for (int i = 0; i < buffers.Length; i++)
            buffers[i].Write<long>([.. Enumerable.Repeat((long)i, i % 128)]);
        for (int i = 0; i < buffers.Length; i++)
            Assert.All(buffers[i].Read<long>().ToArray(), value => Assert.Equal(i, value));
    }

    [Fact]
    public void A_buffer_of_no_elements_is_fine_and_a_wrong_type_an_error()
    {
        HostBuffer empty = HostBuffer.Allocate(DType.Float64, 0);
        Assert.Equal(0, empty.Read<double>().Length);
        empty.Write<double>([]);
        Assert.Throws<TensorException>(() => empty.Read<float>().Length);
        Assert.Throws<TensorException>(() => empty.Write<double>([1.0]));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldAndRelease(Pool pool, int blocks)
    {
        var held = new List<Storage>();
        for (int i = 0; i < blocks; i++)
            held.Add(new Storage(pool, 1 << 14));
        held.ForEach(storage => storage.Release());
    }

    private static void Use(Storage storage) => *storage.Pointer = 1;
}

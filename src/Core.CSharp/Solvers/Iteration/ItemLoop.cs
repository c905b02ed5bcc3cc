using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// What a method does with the vectors of an item between two evaluations, one item after the other, so that an item's vectors are read while
/// they are near. Items are divided among threads.
/// </summary>
/// <param name="Length">The length n of the vectors.</param>
internal abstract unsafe record ItemLoop(int Length) : IHostFunction
{
    /// <summary>Numbers of double that an item's arithmetic needs beside its vectors.</summary>
    protected abstract int RoomFor { get; }

    /// <summary>What an item takes on one thread, roughly.</summary>
    protected abstract double Nanoseconds { get; }

    /// <summary>Computes the outputs of some items, of each as if alone.</summary>
    /// <param name="inputs">The inputs of all items.</param>
    /// <param name="outputs">The outputs of all items.</param>
    /// <param name="start">The first item.</param>
    /// <param name="end">The item after the last.</param>
    /// <param name="room"><see cref="RoomFor"/> numbers of any values.</param>
    protected abstract void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
        where T : unmanaged, INumber<T>;

    /// <summary>Where an item's vectors are among those of all.</summary>
    protected (int Start, int End) At(int item) => (item * Length, (item + 1) * Length);

    public bool KeepsInputs => false;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        byte** from = stackalloc byte*[inputs.Length];
        byte** to = stackalloc byte*[outputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            from[i] = ((HostBuffer)inputs[i]).Pointer;
        for (int i = 0; i < outputs.Length; i++)
            to[i] = ((HostBuffer)outputs[i]!).Pointer;
        int items = Length == 0 ? 0 : inputs[0].Length / Length;
        if (inputs[0].DType == DType.Float32)
            Run<float>(from, to, items);
        else
            Run<double>(from, to, items);
    }

    private void Run<T>(byte** from, byte** to, int items)
        where T : unmanaged, INumber<T>
    {
        Job<T> job = new(this, new(from, Length), new(to, Length), items);
        int parts = Workers.PartsFor(items * Nanoseconds);
        if (parts > 1)
            Workers.Run(parts, ref job);
        else
            job.Run(0, 1);
    }

    private readonly struct Job<T>(ItemLoop loop, ItemVectors<T> inputs, ItemVectors<T> outputs, int items) : IJob
        where T : unmanaged, INumber<T>
    {
        public void Run(int part, int parts)
        {
            using Workspace<double> room = new(loop.RoomFor);
            int start = (int)Workers.Start(items, 1, part, parts);
            int end = (int)Workers.Start(items, 1, part + 1, parts);
            loop.Steps(inputs, outputs, start, end, new Span<double>(room.Pointer, loop.RoomFor));
        }
    }
}

/// <summary>Buffers in which item after item has a vector.</summary>
internal readonly unsafe struct ItemVectors<T>(byte** buffers, int length)
    where T : unmanaged
{
    /// <summary>An item's vector in a buffer.</summary>
    public Span<T> Of(int buffer, int item) => new(Start(buffer) + ((long)item * length), length);

    /// <summary>Where the vectors of all items begin.</summary>
    public T* Start(int buffer) => (T*)buffers[buffer];

    /// <summary>In a buffer with so many numbers for each item, those of some items that follow each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<TOther> Of<TOther>(int buffer, int item, int count, int items = 1)
        where TOther : unmanaged => new((TOther*)buffers[buffer] + ((long)item * count), count * items);
}

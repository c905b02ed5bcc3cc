using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>The carries of a loop at some of its steps.</summary>
internal sealed record ScanRecord(Checkpoints Checkpoints, CarryStore States) : IItemRecord
{
    /// <summary>An empty record for a loop of so many steps.</summary>
    public static ScanRecord For(LoopBody body, int length)
    {
        int slots = Checkpoints.SlotsFor(length, CarryStore.BytesOf(body));
        var checkpoints = new Checkpoints(slots, length);
        return new ScanRecord(checkpoints, new CarryStore(body, Math.Min(checkpoints.Slots, Math.Max(1, length))));
    }

    /// <summary>A loop over a batch has an axis of items in front of every carry.</summary>
    public ObjectBuffer Of(ReadOnlySpan<int> chosen, int count) => new(this with { States = States.Of(chosen, count) });
}

/// <summary>Places for the carries of a loop; place i of each carry lies behind place i − 1.</summary>
internal sealed class CarryStore
{
    private readonly Buffer[] blocks;
    private readonly int slots;

    public CarryStore(LoopBody body, int slots)
    {
        this.slots = slots;
        blocks = new Buffer[body.Carries];
        for (int i = 0; i < blocks.Length; i++)
        {
            TensorType type = body.Step.Arguments[i].Type;
            blocks[i] = Device.Cpu.Backend.Allocate(type.DType, checked(type.Shape.Length * slots));
        }
    }

    private CarryStore(Buffer[] blocks, int slots) => (this.blocks, this.slots) = (blocks, slots);

    /// <summary>The bytes of all carries together.</summary>
    public static long BytesOf(LoopBody body) => body.Step.ArgumentTypes[..body.Carries].Sum(type => type.Bytes);

    /// <summary>The carries of some of the items of a batch.</summary>
    public CarryStore Of(ReadOnlySpan<int> items, int size)
    {
        var some = new Buffer[blocks.Length];
        for (int i = 0; i < some.Length; i++)
        {
            int length = blocks[i].Length / slots / size;
            some[i] = Device.Cpu.Backend.Allocate(blocks[i].DType, slots * items.Length * length);
            for (int slot = 0; slot < slots; slot++)
            for (int k = 0; k < items.Length; k++)
                some[i]
                    .CopyFrom(
                        blocks[i],
                        ((slot * size) + items[k]) * length,
                        ((slot * items.Length) + k) * length,
                        length
                    );
        }
        return new CarryStore(some, slots);
    }

    /// <summary>Copies the carries that the next step would read to a place.</summary>
    public void Save(LoopBuffers from, int slot)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            Buffer carry = from.Argument(i);
            blocks[i].CopyFrom(carry, 0, slot * carry.Length, carry.Length);
        }
    }

    /// <summary>Makes the carries of a place those that the next step reads.</summary>
    public void Restore(LoopBuffers to, int slot)
    {
        for (int i = 0; i < blocks.Length; i++)
            to.Take(i, blocks[i], slot);
    }
}

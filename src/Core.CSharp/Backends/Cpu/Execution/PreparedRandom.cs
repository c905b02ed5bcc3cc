using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Fills each stream's row from its key.</summary>
internal sealed unsafe class PreparedRandom(Kernels.Random random, ReadOnlySpan<Slot> slots) : PreparedKernel
{
    private readonly SlotView keys = SlotView.Of(random.Keys, slots);
    private readonly SlotView output = SlotView.Of(random.Output, slots);
    private readonly int size = slots[random.Output.Slot].DType.Size;

    public override void Run(Frame frame)
    {
        long* key = (long*)keys.In(frame);
        byte* row = output.In(frame);
        for (int stream = 0; stream < random.Streams; stream++, row += (long)random.Count * size)
            Fill(key[stream], row);
    }

    private void Fill(long key, byte* row)
    {
        bool isSingle = size == sizeof(float);
        if (random.Distribution == Distribution.Bits)
            RandomStream.Bits(key, (long*)row, random.Count);
        else if (random.Distribution == Distribution.Uniform && isSingle)
            RandomStream.Uniform(key, (float*)row, random.Count);
        else if (random.Distribution == Distribution.Uniform)
            RandomStream.Uniform(key, (double*)row, random.Count);
        else if (isSingle)
            RandomStream.Normal(key, (float*)row, random.Count);
        else
            RandomStream.Normal(key, (double*)row, random.Count);
    }
}

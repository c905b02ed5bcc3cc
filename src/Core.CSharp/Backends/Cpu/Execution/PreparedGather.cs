using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Picks elements along an axis by index.</summary>
internal sealed unsafe class PreparedGather : PreparedKernel
{
    private readonly SlotView data;
    private readonly SlotView indices;
    private readonly SlotView output;
    private readonly JointAxes axes;
    private readonly int size;
    private readonly long axisStride;
    private readonly int axisExtent;

    public PreparedGather(Gather gather, ReadOnlySpan<Slot> slots)
    {
        data = SlotView.Of(gather.Data, slots);
        indices = SlotView.Of(gather.Indices, slots);
        output = SlotView.Of(gather.Output, slots);
        axes = JointAxes.Of(gather.Domain, gather.Data.Map, gather.Indices.Map, gather.Output.Map);
        size = slots[gather.Output.Slot].DType.Size;
        axisStride = gather.AxisStride;
        axisExtent = gather.AxisExtent;
    }

    public override void Run(Frame frame)
    {
        if (size == 8)
            Run<long>(frame);
        else if (size == 4)
            Run<int>(frame);
        else
            Run<byte>(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T>(Frame frame)
        where T : unmanaged
    {
        T* from = (T*)data.In(frame);
        long* at = (long*)indices.In(frame);
        T* to = (T*)output.In(frame);
        JointAxes.Walk walk = axes.Start();
        for (; walk.Remains; walk.Next())
        {
            nint d = walk[0];
            nint p = walk[1];
            nint o = walk[2];
            for (int i = 0; i < axes.Inner; i++)
            {
                to[o] = from[d + (nint)(CheckedIndex.Of("gather", at[p], axisExtent) * axisStride)];
                d += axes.InnerStride(0);
                p += axes.InnerStride(1);
                o += axes.InnerStride(2);
            }
        }
    }
}

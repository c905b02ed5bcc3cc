using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Adds elements along an axis at their indices, in the order of the domain.</summary>
internal sealed unsafe class PreparedScatterAdd : PreparedKernel
{
    private readonly SlotView values;
    private readonly SlotView indices;
    private readonly SlotView output;
    private readonly SlotView whole;
    private readonly JointAxes axes;
    private readonly DType dtype;
    private readonly ScatterAdd scatter;

    public PreparedScatterAdd(ScatterAdd scatter, ReadOnlySpan<Slot> slots)
    {
        this.scatter = scatter;
        values = SlotView.Of(scatter.Values, slots);
        indices = SlotView.Of(scatter.Indices, slots);
        output = SlotView.Of(scatter.Output, slots);
        whole = new SlotView(scatter.Output.Slot, 0);
        axes = JointAxes.Of(scatter.Domain, scatter.Values.Map, scatter.Indices.Map, scatter.Output.Map);
        dtype = slots[scatter.Output.Slot].DType;
    }

    public override void Run(Frame frame)
    {
        NativeMemory.Clear(whole.In(frame), (nuint)scatter.OutputLength * (nuint)dtype.Size);
        if (dtype == DType.Float64)
            Run<double>(frame);
        else if (dtype == DType.Float32)
            Run<float>(frame);
        else
            Run<long>(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T>(Frame frame)
        where T : unmanaged, INumber<T>
    {
        T* from = (T*)values.In(frame);
        long* at = (long*)indices.In(frame);
        T* to = (T*)output.In(frame);
        JointAxes.Walk walk = axes.Start();
        for (; walk.Remains; walk.Next())
        {
            nint v = walk[0];
            nint p = walk[1];
            nint o = walk[2];
            for (int i = 0; i < axes.Inner; i++)
            {
                long index = CheckedIndex.Of("scatterAdd", at[p], scatter.AxisExtent);
                to[o + (nint)(index * scatter.AxisStride)] += from[v];
                v += axes.InnerStride(0);
                p += axes.InnerStride(1);
                o += axes.InnerStride(2);
            }
        }
    }
}

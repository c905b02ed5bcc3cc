using System.Numerics;
using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Running sums along the last axis; of float32 in double, for the error of a sum grows with its length.</summary>
internal sealed unsafe class PreparedAccumulate : PreparedKernel
{
    private readonly SlotView input;
    private readonly SlotView output;
    private readonly JointAxes rows;
    private readonly DType dtype;
    private readonly int length;
    private readonly int inputStep;
    private readonly int outputStep;

    public PreparedAccumulate(Accumulate sum, ReadOnlySpan<Slot> slots)
    {
        int last = sum.Domain.Rank - 1;
        input = SlotView.Of(sum.Input, slots);
        output = SlotView.Of(sum.Output, slots);
        dtype = slots[sum.Output.Slot].DType;
        length = last < 0 ? 1 : sum.Domain[last];
        inputStep = last < 0 ? 0 : sum.Input.Map.Strides[last];
        outputStep = last < 0 ? 0 : sum.Output.Map.Strides[last];
        rows = JointAxes.Of(last < 0 ? Shape.Scalar : sum.Domain.Take(last), sum.Input.Map, sum.Output.Map);
    }

    public override void Run(Frame frame)
    {
        if (dtype == DType.Float64)
            Run<double, double>(frame);
        else if (dtype == DType.Float32)
            Run<float, double>(frame);
        else
            Run<long, long>(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<T, TSum>(Frame frame)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        T* from = (T*)input.In(frame);
        T* to = (T*)output.In(frame);
        for (JointAxes.Walk walk = rows.Start(); walk.Remains; walk.Next())
        for (int row = 0; row < rows.Inner; row++)
            Sum<T, TSum>(from + walk[0] + (row * rows.InnerStride(0)), to + walk[1] + (row * rows.InnerStride(1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum<T, TSum>(T* x, T* y)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        TSum sum = TSum.Zero;
        for (nint i = 0; i < length; i++)
        {
            var next = TSum.CreateTruncating(x[i * inputStep]);
            sum = i == 0 ? next : sum + next;
            y[i * outputStep] = T.CreateTruncating(sum);
        }
    }
}

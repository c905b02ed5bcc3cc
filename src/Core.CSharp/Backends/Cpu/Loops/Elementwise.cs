using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Contiguous loops of n elements. They read and write nothing beyond n; the target may be a source. An operand's step is 1, or
/// 0 where its one element stands for all.
/// </summary>
internal static unsafe class Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unary<TOp, V, T>(T* x, T* y, nint n)
        where TOp : struct, IUnary
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        for (nint i = 0; i < n; i += V.Count)
        {
            nint left = n - i;
            Lane.Store(TOp.Apply(Lane.Load<V, T>(x + i, left)), y + i, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Binary<TOp, V, T>(T* a, nint aStep, T* b, nint bStep, T* y, nint n)
        where TOp : struct, IBinary
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        if (n <= 0)
            return;
        V a0 = V.Broadcast(*a);
        V b0 = V.Broadcast(*b);
        nint i = 0;
        for (; i + V.Count <= n; i += V.Count)
        {
            V va = aStep == 0 ? a0 : V.Load(a + i);
            V vb = bStep == 0 ? b0 : V.Load(b + i);
            V.Store(TOp.Apply(va, vb), y + i);
        }
        int left = (int)(n - i);
        if (left == 0)
            return;
        V aEnd = aStep == 0 ? a0 : V.LoadPart(a + i, left);
        V bEnd = bStep == 0 ? b0 : V.LoadPart(b + i, left);
        V.StorePart(TOp.Apply(aEnd, bEnd), y + i, left);
    }

    /// <summary>y = a·b + c, rounded once for floating-point numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd<V, T>(T* a, nint aStep, T* b, nint bStep, T* c, nint cStep, T* y, nint n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        if (n <= 0)
            return;
        V a0 = V.Broadcast(*a);
        V b0 = V.Broadcast(*b);
        V c0 = V.Broadcast(*c);
        nint i = 0;
        for (; i + V.Count <= n; i += V.Count)
        {
            V va = aStep == 0 ? a0 : V.Load(a + i);
            V vb = bStep == 0 ? b0 : V.Load(b + i);
            V vc = cStep == 0 ? c0 : V.Load(c + i);
            V.Store(V.MultiplyAdd(va, vb, vc), y + i);
        }
        int left = (int)(n - i);
        if (left == 0)
            return;
        V aEnd = aStep == 0 ? a0 : V.LoadPart(a + i, left);
        V bEnd = bStep == 0 ? b0 : V.LoadPart(b + i, left);
        V cEnd = cStep == 0 ? c0 : V.LoadPart(c + i, left);
        V.StorePart(V.MultiplyAdd(aEnd, bEnd, cEnd), y + i, left);
    }
}

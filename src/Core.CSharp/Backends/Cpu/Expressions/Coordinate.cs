using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>The coordinate along one axis, of points counted in row-major order.</summary>
internal readonly unsafe struct Coordinate(int extent, int inner)
{
    public static Coordinate Along(Shape domain, int axis) => new(domain[axis], domain.Skip(axis + 1).Length);

    public void Fill(long start, int count, long* target)
    {
        if (count == 0)
            return;
        (long outer, long within) = Math.DivRem(start, inner);
        long value = outer % extent;
        for (int run; count > 0; count -= run, target += run)
        {
            run = (int)Math.Min(count, inner == 1 ? extent - value : inner - within);
            if (inner == 1)
                Ramp(value, run, target);
            else
                new Span<long>(target, run).Fill(value);
            within = 0;
            value = inner > 1 && value + 1 < extent ? value + 1 : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ramp(long first, int count, long* target)
    {
        int i = 0;
        for (; i + Vector512<long>.Count <= count; i += Vector512<long>.Count)
            (Vector512<long>.Indices + Vector512.Create(first + i)).Store(target + i);
        for (; i < count; i++)
            target[i] = first + i;
    }
}

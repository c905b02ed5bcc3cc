using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>The coordinate along one axis, of points counted in row-major order.</summary>
internal readonly unsafe struct Coordinate(int extent, int inner)
{
    public static Coordinate Along(Shape domain, int axis) => new(domain[axis], domain.Skip(axis + 1).Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(long start, int count, long* target)
    {
        if (count == 0)
            return;
        (long outer, long within) = Math.DivRem(start, inner);
        long value = outer % extent;
        for (int i = 0; i < count; i++)
        {
            target[i] = value;
            if (++within < inner)
                continue;
            within = 0;
            value = value + 1 == extent ? 0 : value + 1;
        }
    }
}

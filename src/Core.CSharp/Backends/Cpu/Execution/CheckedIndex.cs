using System.Runtime.CompilerServices;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>An index that came from data.</summary>
internal static class CheckedIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(string op, long index, int extent)
    {
        if ((ulong)index >= (ulong)extent)
            Throw.Error(op, $"an index must be in [0, {extent})", $"{index}");
        return index;
    }
}

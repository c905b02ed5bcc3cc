using System.Numerics;

namespace Implicit.Solvers.Convex;

/// <summary>The lanes whose bits are set, in their order.</summary>
internal struct LaneBits(ulong bits)
{
    private ulong left = bits;

    public int Current { get; private set; }

    public readonly LaneBits GetEnumerator() => this;

    public bool MoveNext()
    {
        if (left == 0)
            return false;
        Current = BitOperations.TrailingZeroCount(left);
        left &= left - 1;
        return true;
    }
}

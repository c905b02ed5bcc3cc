using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>The one place where the width of vectors is chosen: the widest that the machine has, or numbers one by one where it has none.</summary>
/// <remarks>
/// The runtime decides when it starts what there is, and the JIT leaves of each choice only the branch that is taken. To test another width is
/// therefore to start a process with another setting of the runtime.
/// </remarks>
internal static class VectorWidth
{
    /// <summary>512, 256 or 128; 64, one number of the widest type, where there are no vectors.</summary>
    public static int Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128
            : 64;
    }

    /// <summary>Does work in vectors of that width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(TWork work)
        where TWork : IVectorWork
    {
        if (Bits == 512)
            work.Run<Lanes512<double>, Lanes512<float>, Lanes512<long>, Lanes512<byte>>();
        else if (Bits == 256)
            work.Run<Lanes256<double>, Lanes256<float>, Lanes256<long>, Lanes256<byte>>();
        else if (Bits == 128)
            work.Run<Lanes128<double>, Lanes128<float>, Lanes128<long>, Lanes128<byte>>();
        else
            work.Run<OneLane<double>, OneLane<float>, OneLane<long>, OneLane<byte>>();
    }
}

using Implicit.Backends.Cpu;

namespace Implicit;

/// <summary>
/// The native memory that values of tensors take. It comes back by itself: with the run that made it, or with a garbage collection, which the
/// library asks for whenever 64 MiB more are taken. Nothing needs to be disposed.
/// </summary>
public static class TensorMemory
{
    /// <summary>
    /// The bytes that are taken, those of values that are dropped but not yet collected included. Blocks that are kept for reuse are not, so this
    /// tells what work holds, where the size of the process tells what earlier work has left.
    /// </summary>
    public static long Used => Pool.Shared.Outstanding;
}

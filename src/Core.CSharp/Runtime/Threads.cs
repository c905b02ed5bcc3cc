using Implicit.Backends.Cpu;
using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// The threads among which the processor's long loops, matrix products and batches of factorisations are divided. No result depends on their
/// number, not by a bit.
/// </summary>
public static class Threads
{
    /// <summary>
    /// How many threads work together at most, the calling one among them; at first as many as there are processors. Short work always runs on
    /// the calling thread alone.
    /// </summary>
    /// <exception cref="TensorException">The number is less than 1.</exception>
    public static int Count
    {
        get => Workers.Count;
        set
        {
            Throw.Unless(value > 0, "threads", "there must be at least one", $"{value}");
            Workers.Count = value;
        }
    }
}

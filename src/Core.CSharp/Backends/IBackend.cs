using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends;

/// <summary>A device: memory, and programs prepared to run on it.</summary>
internal interface IBackend
{
    /// <summary>The name used in messages.</summary>
    string Name { get; }

    /// <summary>Uninitialised memory for a value. It goes back to the pool when nobody refers to it any more.</summary>
    Buffer Allocate(DType dtype, int length);

    /// <summary>Prepares a program; the result may be run many times and from several threads at once.</summary>
    IExecutable Prepare(Program program);
}

/// <summary>A prepared program.</summary>
internal interface IExecutable
{
    /// <summary>
    /// Runs all kernels. <paramref name="outputs"/> hold buffers allocated by the caller, except opaque ones, which are
    /// filled in.
    /// </summary>
    void Run(ReadOnlySpan<Buffer> inputs, ReadOnlySpan<double> literals, Span<Buffer?> outputs);
}

namespace Implicit.Kernels;

/// <summary>A step of a program that is C# code: values in, values out. Implementations compare by structure.</summary>
internal interface IHostFunction
{
    /// <summary>
    /// Reads the inputs and fills the outputs. An output buffer is allocated by the caller unless it is opaque, in which case the function stores an
    /// <see cref="ObjectBuffer"/>.
    /// Inputs may be kept, as they are never written again, by functions that say so; output buffers may not. May be called from several
    /// threads at once.
    /// </summary>
    void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs);

    /// <summary>
    /// Whether anything of the inputs is kept after a run. If nothing is, they are lent where they lie: opaque values that programs made of them
    /// must not outlive the run either, as functions in those programs may keep their inputs, and are given them uncopied. The buffers themselves are
    /// then lent as well: the next run may move them to other memory.
    /// </summary>
    bool KeepsInputs => true;
}

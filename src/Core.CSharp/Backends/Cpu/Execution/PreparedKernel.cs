namespace Implicit.Backends.Cpu;

/// <summary>A kernel made ready: everything that does not depend on the run's memory is worked out.</summary>
internal abstract unsafe class PreparedKernel
{
    /// <summary>Bytes of scratch that are this kernel's own during a run, shared with the other kernels of the program.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>Bytes that are this kernel's alone in every frame.</summary>
    public virtual int StateBytes => 0;

    /// <summary>Where in a frame's state this kernel's lies.</summary>
    public int StateOffset { get; set; }

    /// <summary>Fills the kernel's state in a new frame.</summary>
    public virtual void Initialise(Frame frame) { }

    /// <summary>What a run costs with the interpreter that machine code would save, in nanoseconds and roughly.</summary>
    public virtual double Saving => 0;

    /// <summary>Turns what the kernel interprets into machine code with vectors of so many bits; may be called while others run it.</summary>
    public virtual void Emit(int bits) { }

    public abstract void Run(Frame frame);
}

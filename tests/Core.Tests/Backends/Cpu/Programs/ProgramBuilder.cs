using Implicit.Backends;
using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>Makes a program by hand and runs it; elements are given and read as float64, whatever their type.</summary>
internal sealed class ProgramBuilder
{
    private readonly List<Slot> slots = [];
    private readonly List<Kernel> kernels = [];
    private readonly List<Buffer> inputs = [];
    private readonly List<double> literals = [];
    private readonly List<int> outputs = [];
    private long arena;
    private int opaque;

    public CpuBackend Backend { get; } = new();

    public int Input(DType dtype, params double[] values)
    {
        inputs.Add(TestElements.Buffer(Backend, dtype, values));
        return Add(new Slot(SlotKind.Input, dtype, values.Length, inputs.Count - 1));
    }

    public int Literal(DType dtype, double value)
    {
        literals.Add(value);
        return Add(new Slot(SlotKind.Literal, dtype, 1, literals.Count - 1));
    }

    public int Output(DType dtype, int length)
    {
        outputs.Add(Add(new Slot(SlotKind.Output, dtype, length, outputs.Count)));
        return outputs[^1];
    }

    public int Temporary(DType dtype, int length)
    {
        if (dtype == DType.Opaque)
            return Add(new Slot(SlotKind.Temporary, dtype, 0, opaque++));
        int slot = Add(new Slot(SlotKind.Temporary, dtype, length, (int)(arena / 64)));
        arena += ((long)length * dtype.Size + 63) & -64;
        return slot;
    }

    /// <summary>A temporary to which a pass gives its place.</summary>
    public int Unplaced(DType dtype, int length) => Add(new Slot(SlotKind.Temporary, dtype, length, 0));

    public ProgramBuilder Then(Kernel kernel)
    {
        kernels.Add(kernel);
        return this;
    }

    public Program Build() => new([.. slots], [.. kernels], arena, opaque);

    public IExecutable Prepare() => Backend.Prepare(Build());

    public Buffer?[] AllocateOutputs() =>
        [
            .. outputs.Select(slot =>
                slots[slot].DType == DType.Opaque ? null : Backend.Allocate(slots[slot].DType, slots[slot].Length)
            ),
        ];

    public void Run(IExecutable executable, Buffer?[] results) => executable.Run([.. inputs], [.. literals], results);

    /// <summary>The first output's elements.</summary>
    public double[] Run()
    {
        Buffer?[] results = AllocateOutputs();
        Run(Prepare(), results);
        return TestElements.Of(results[0]!);
    }

    private int Add(Slot slot)
    {
        slots.Add(slot);
        return slots.Count - 1;
    }
}

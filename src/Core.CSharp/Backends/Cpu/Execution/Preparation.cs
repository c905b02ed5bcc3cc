using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>Finds for each kernel what runs it.</summary>
internal static class Preparation
{
    public static PreparedKernel Of(Kernel kernel, ReadOnlySpan<Slot> slots) =>
        kernel switch
        {
            Map map => MapOf(map, slots),
            Reduce reduce => LoopTable.Widest.Reduce(reduce, slots),
            MatMul product => LoopTable.Widest.MatMul(product, slots),
            Gather gather => new PreparedGather(gather, slots),
            ScatterAdd scatter => new PreparedScatterAdd(scatter, slots),
            Accumulate sum => new PreparedAccumulate(sum, slots),
            Factorise factorise => LoopTable.Widest.Factorise(factorise, slots),
            Kernels.Random random => new PreparedRandom(random, slots),
            Host host => new PreparedHost(host, slots),
            _ => throw new NotSupportedException($"The CPU has no kernel for {kernel.GetType().Name}."),
        };

    private static PreparedKernel MapOf(Map map, ReadOnlySpan<Slot> slots) =>
        slots[map.Output.Slot].DType.Size switch
        {
            8 when PreparedCopy<long>.Is(map) => new PreparedCopy<long>(map, slots),
            4 when PreparedCopy<int>.Is(map) => new PreparedCopy<int>(map, slots),
            _ => new PreparedMap(map, slots),
        };

    /// <summary>The way of an operand over the domain.</summary>
    public static Access AccessOf(Operand operand, ReadOnlySpan<Slot> slots, Shape domain) =>
        AccessOf(operand, slots, domain, operand.Map.Strides.Span);

    /// <summary>The way of an operand over axes in another order.</summary>
    public static Access AccessOf(Operand operand, ReadOnlySpan<Slot> slots, Shape domain, ReadOnlySpan<int> strides)
    {
        Slot slot = slots[operand.Slot];
        return new(
            SlotView.Of(operand, slots),
            slot.DType.Size,
            operand.Map.Offset,
            slot.Length - operand.Map.Offset,
            domain,
            strides
        );
    }

    public static Access[] AccessesOf(ValueArray<Operand> operands, ReadOnlySpan<Slot> slots, Shape domain)
    {
        var accesses = new Access[operands.Count];
        for (int i = 0; i < accesses.Length; i++)
            accesses[i] = AccessOf(operands[i], slots, domain);
        return accesses;
    }
}

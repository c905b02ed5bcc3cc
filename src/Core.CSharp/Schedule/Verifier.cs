using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>
/// The executable specification of a program: inputs have one slot each, slots are written before they are read and not after a function kept them, operands stay
/// inside their slots, bodies and slots agree in element type, maps read of what they write only the elements that they replace, and temporaries that live at the
/// same time do not overlap.
/// </summary>
internal static class Verifier
{
    /// <summary>Whether every pass of every plan is checked: in Debug builds, and in tests.</summary>
    public static bool Enabled { get; set; } = IsDebugBuild;

    private static bool IsDebugBuild =>
#if DEBUG
        true;
#else
        false;
#endif

    public static void CheckIfEnabled(Program program)
    {
        if (Enabled)
            Check(program);
    }

    public static void Check(Program program)
    {
        CheckInputs(program);
        var written = new HashSet<int>();
        for (int slot = 0; slot < program.Slots.Count; slot++)
            if (program.Slots[slot].Kind is SlotKind.Input or SlotKind.Literal or SlotKind.Kept)
                written.Add(slot);
        var kept = new HashSet<int>();
        foreach (Kernel kernel in program.Kernels)
        {
            foreach (Operand read in kernel.Reads)
                Require(written.Contains(read.Slot), kernel, $"slot {read.Slot} is read before it is written");
            foreach (Operand write in kernel.Writes)
            {
                Require(
                    program.Slots[write.Slot].Kind is SlotKind.Output or SlotKind.Temporary,
                    kernel,
                    $"slot {write.Slot} is not writable"
                );
                Require(!kept.Contains(write.Slot), kernel, $"slot {write.Slot} is written after a function kept it");
                written.Add(write.Slot);
            }
            // What lies in the arena is copied for a function that keeps it.
            if (kernel is Host host)
                kept.UnionWith(
                    host.Keeps.Select(input => input.Slot).Where(slot => !PlanMemory.IsInArena(program.Slots[slot]))
                );
            CheckReach(program, kernel);
        }
        for (int slot = 0; slot < program.Slots.Count; slot++)
            Require(
                program.Slots[slot].Kind != SlotKind.Output || written.Contains(slot),
                null,
                $"output {program.Slots[slot].Position} is never written"
            );
        if (program.ArenaBytes > 0)
            CheckOverlap(program);
    }

    /// <summary>A run binds each input to one slot.</summary>
    private static void CheckInputs(Program program)
    {
        var bound = new HashSet<int>();
        foreach (Slot slot in program.Slots)
            Require(
                slot.Kind != SlotKind.Input || bound.Add(slot.Position),
                null,
                $"input {slot.Position} has several slots"
            );
    }

    private static void CheckReach(Program program, Kernel kernel)
    {
        switch (kernel)
        {
            case Map map:
                CheckMap(program, kernel, map);
                break;
            case Reduce reduce:
                CheckBody(program, kernel, reduce.Body, reduce.Inputs);
                CheckOperands(program, kernel, reduce.Domain, reduce.Inputs.ToArray());
                CheckOperands(program, kernel, reduce.Domain.Take(reduce.Kept), [reduce.Output]);
                break;
            case Accumulate accumulate:
                CheckOperands(program, kernel, accumulate.Domain, [accumulate.Input, accumulate.Output]);
                break;
            case MatMul product:
                CheckOperands(program, kernel, product.Batch.Concat([product.M, product.K]), [product.A]);
                CheckOperands(program, kernel, product.Batch.Concat([product.K, product.N]), [product.B]);
                CheckOperands(program, kernel, product.Domain, [product.Output]);
                if (product.Epilogue is { } epilogue)
                    CheckEpilogue(program, product, epilogue);
                break;
            case Gather gather:
                CheckOperands(program, kernel, gather.Domain, [gather.Data, gather.Indices, gather.Output]);
                break;
            case ScatterAdd scatter:
                CheckOperands(program, kernel, scatter.Domain, [scatter.Values, scatter.Indices, scatter.Output]);
                break;
        }
    }

    private static void CheckMap(Program program, Kernel kernel, Map map)
    {
        CheckBody(program, kernel, map.Body, map.Inputs);
        CheckOperands(program, kernel, map.Domain, [.. map.Inputs.ToArray(), map.Output]);
        Require(map.Body.DType == program.Slots[map.Output.Slot].DType, kernel, "the body's type is not the output's");
        (int start, int end) = map.Output.Map.Reach(map.Domain);
        foreach (Operand input in map.Inputs.Where(input => input.Slot == map.Output.Slot && input != map.Output))
        {
            (int first, int last) = input.Map.Reach(map.Domain);
            Require(
                last < start || first > end,
                kernel,
                "elements of the output are read in another place than they are replaced"
            );
        }
    }

    private static void CheckEpilogue(Program program, MatMul product, Map epilogue)
    {
        CheckMap(program, product, epilogue);
        (Operand sums, Operand results) = (product.Output, epilogue.Output);
        Shape domain = product.Domain;
        bool areInOrder =
            sums.Map == IndexMap.Contiguous(domain) with { Offset = sums.Map.Offset }
            && results.Map == IndexMap.Contiguous(epilogue.Domain) with { Offset = sums.Map.Offset };
        Require(
            areInOrder && sums.Slot == results.Slot && domain.Length == epilogue.Domain.Length,
            product,
            "an epilogue does not replace the elements of its product"
        );
    }

    private static void CheckOperands(Program program, Kernel kernel, Shape domain, Operand[] operands)
    {
        foreach (Operand operand in operands)
        {
            Require(operand.Map.Strides.Count == domain.Rank, kernel, "an index map has another rank than the domain");
            (int first, int last) = operand.Map.Reach(domain);
            Require(
                first >= 0 && last < program.Slots[operand.Slot].Length,
                kernel,
                $"slot {operand.Slot} of {program.Slots[operand.Slot].Length} elements is reached from {first} to {last}"
            );
        }
    }

    private static void CheckBody(Program program, Kernel kernel, Scalar body, ValueArray<Operand> inputs) =>
        ScalarBody.Visit(body, part => CheckPart(program, kernel, part, inputs));

    private static void CheckPart(Program program, Kernel kernel, Scalar part, ValueArray<Operand> inputs)
    {
        switch (part)
        {
            case Scalar.Input input:
                Require(
                    program.Slots[inputs[input.Position].Slot].DType == input.DType,
                    kernel,
                    $"operand {input.Position} has another element type than its slot"
                );
                break;
            case Scalar.Binary binary:
                Require(binary.A.DType == binary.B.DType, kernel, $"{binary.Intrinsic} mixes element types");
                break;
            case Scalar.Select select:
                Require(select.Condition.DType == DType.Bool, kernel, "a select's condition is not bool");
                Require(
                    select.Then.DType == select.Otherwise.DType,
                    kernel,
                    "a select's branches differ in element type"
                );
                break;
        }
    }

    /// <summary>Each aligned block of the arena belongs to one temporary at a time.</summary>
    private static void CheckOverlap(Program program)
    {
        int[] lastUse = PlanMemory.LastUses(program);
        bool[] born = new bool[program.Slots.Count];
        int[] busyUntil = new int[program.ArenaBytes / PlanMemory.Block];
        Array.Fill(busyUntil, -1);
        for (int i = 0; i < program.Kernels.Count; i++)
            foreach (int slot in PlanMemory.Touched(program.Kernels[i]))
                if (!born[slot] && PlanMemory.IsInArena(program.Slots[slot]))
                {
                    born[slot] = true;
                    Occupy(program.Slots[slot], slot, born: i, lastUse[slot]);
                }

        void Occupy(Slot temporary, int slot, int born, int last)
        {
            foreach (ref int until in busyUntil.AsSpan(temporary.Position, PlanMemory.Blocks(temporary)))
            {
                Require(until < born, program.Kernels[born], $"temporary {slot} overlaps another that is still in use");
                until = last;
            }
        }
    }

    private static void Require(bool holds, Kernel? kernel, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(
                $"[plan] {otherwise}{(kernel is null ? "" : $" in {ProgramText.Of(kernel)}")}."
            );
    }
}

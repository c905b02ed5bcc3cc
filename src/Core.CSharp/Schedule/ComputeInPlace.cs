using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Computes the parts of a joined value where they belong: a temporary that is copied whole into a piece of another slot becomes that piece. So
/// joining what is computed in the same plan costs nothing.
/// </summary>
internal static class ComputeInPlace
{
    public static Program Run(Program program)
    {
        var places = new Places();
        var kept = new List<Kernel>(program.Kernels.Count);
        foreach (Kernel kernel in program.Kernels)
            if (
                Place(program, kernel) is not { } place
                || !places.Add(place.Part, place.Piece.Slot, place.Piece.Map.Offset)
            )
                kept.Add(kernel);
        return places.Moved(program, kept);
    }

    /// <summary>The temporary that a kernel copies and the piece that it may become; null if the kernel does something else.</summary>
    private static (int Part, Operand Piece)? Place(Program program, Kernel kernel)
    {
        if (kernel is not Map { Body: Scalar.Input, Inputs: [Operand part], Output: Operand piece } copy)
            return null;
        Slot slot = program.Slots[part.Slot];
        bool isWhole =
            PlanMemory.IsInArena(slot)
            && slot.Length == copy.Domain.Length
            && part.Map.IsContiguous(copy.Domain)
            && (piece.Map with { Offset = 0 }).IsContiguous(copy.Domain);
        bool isFree = isWhole && part.Slot != piece.Slot && program.Kernels.All(other => IsBeside(other, copy));
        return isFree ? (part.Slot, piece) : null;
    }

    /// <summary>Whether a kernel can name the part by its new place, and writes nothing else there.</summary>
    private static bool IsBeside(Kernel kernel, Map copy)
    {
        if (ReferenceEquals(kernel, copy))
            return true;
        bool names = PlanMemory.Touched(kernel).Contains(copy.Inputs[0].Slot);
        (Operand Output, Shape Domain)? write = kernel switch
        {
            Map map => (map.Output, map.Domain),
            Reduce reduce => (reduce.Output, reduce.Domain.Take(reduce.Kept)),
            MatMul product => (product.Output, product.Domain),
            _ => null,
        };
        if (write is not { } written)
            return !names && kernel.Writes.All(one => one.Slot != copy.Output.Slot);
        (int first, int last) = written.Output.Map.Reach(written.Domain);
        (int start, int end) = copy.Output.Map.Reach(copy.Domain);
        return written.Output.Slot != copy.Output.Slot || last < start || first > end;
    }
}

using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>Where slots lie that became part of another, which may have become part of a third.</summary>
internal sealed class Places
{
    private readonly Dictionary<int, (int Slot, int Offset)> places = [];

    /// <summary>Puts a slot into another, from an element on; false if it has a place already.</summary>
    public bool Add(int slot, int into, int offset) => places.TryAdd(slot, (into, offset));

    /// <summary>The program with these kernels, which name slots by their places.</summary>
    public Program Moved(Program program, IEnumerable<Kernel> kernels) =>
        places.Count == 0 ? program : program with { Kernels = [.. kernels.Select(kernel => kernel.On(At))] };

    private Operand At(Operand operand)
    {
        while (places.TryGetValue(operand.Slot, out (int Slot, int Offset) place))
            operand = new Operand(place.Slot, operand.Map with { Offset = operand.Map.Offset + place.Offset });
        return operand;
    }
}

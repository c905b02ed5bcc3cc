using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Gives products their epilogues: a map that alone reads a product, element by element (a bias, an activation, whatever is added to it or
/// multiplied by it), becomes part of the product, which then needs no memory of its own.
/// </summary>
internal static class Epilogues
{
    public static Program Run(Program program)
    {
        int[] readers = Fuse.Readers(program);
        int[] writers = Fuse.Writers(program);
        var products = new Dictionary<int, int>();
        var kernels = new List<Kernel?>(program.Kernels);
        for (int i = 0; i < kernels.Count; i++)
            if (kernels[i] is MatMul product && IsWhole(program.Slots[product.Output.Slot], product))
            {
                if (readers[product.Output.Slot] == 1 && writers[product.Output.Slot] == 1)
                    products[product.Output.Slot] = i;
            }
            else if (kernels[i] is Map map && ProductOf(map, products, program) is { } first)
            {
                // What else the map reads may be computed after the product: the two meet where the map stands.
                kernels[i] = Joined((MatMul)kernels[first]!, map);
                kernels[first] = null;
            }
        return program with { Kernels = [.. kernels.OfType<Kernel>()] };
    }

    /// <summary>Whether a product fills all of a temporary, in order.</summary>
    private static bool IsWhole(Slot slot, MatMul product) =>
        PlanMemory.IsInArena(slot)
        && slot.Length == product.Domain.Length
        && product.Output.Map.IsContiguous(product.Domain);

    /// <summary>The last product whose epilogue a map can be; null if there is none.</summary>
    private static int? ProductOf(Map map, Dictionary<int, int> products, Program program)
    {
        Operand output = map.Output;
        bool isInOrder = (output.Map with { Offset = 0 }).IsContiguous(map.Domain);
        if (!isInOrder || map.Inputs.Any(input => input.Slot == output.Slot))
            return null;
        int? last = null;
        foreach (Operand input in map.Inputs)
            if (products.TryGetValue(input.Slot, out int product) && !(product < last))
                if (IsReadInOrder(map, input.Slot, program) && program.Slots[input.Slot].DType == map.Body.DType)
                    last = product;
        return last;
    }

    private static bool IsReadInOrder(Map map, int slot, Program program) =>
        program.Slots[slot].Length == map.Domain.Length
        && map.Inputs.All(input => input.Slot != slot || input.Map.IsContiguous(map.Domain));

    private static MatMul Joined(MatMul product, Map map)
    {
        int offset = map.Output.Map.Offset;
        Operand output = new(map.Output.Slot, IndexMap.Contiguous(product.Domain) with { Offset = offset });
        if (map is { Body: Scalar.Input, Inputs: [_] })
            return product with { Output = output };
        Operand sums = new(map.Output.Slot, IndexMap.Contiguous(map.Domain) with { Offset = offset });
        Operand[] inputs = Array.ConvertAll(
            map.Inputs.ToArray(),
            input => input.Slot == product.Output.Slot ? sums : input
        );
        return product with { Output = output, Epilogue = map with { Inputs = [.. inputs], Output = sums } };
    }
}

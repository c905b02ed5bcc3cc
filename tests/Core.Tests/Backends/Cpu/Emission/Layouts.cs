namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>How operations of random graphs see what came before: views, broadcasts and copies.</summary>
internal static class Layouts
{
    /// <summary>The tensor's elements in another order or shape, some of them or some of them twice.</summary>
    public static Tensor Moved(Tensor x, System.Random random)
    {
        int rank = x.Shape.Rank;
        if (rank == 0)
            return Tensor.Reshape(x, [1, 1]);
        int axis = random.Next(rank);
        int extent = x.Shape[axis];
        return random.Next(9) switch
        {
            0 => Tensor.MoveAxis(x, axis, random.Next(rank)),
            1 => Tensor.Flip(x, axis),
            2 => Tensor.Roll(x, random.Next(extent), axis),
            3 => Tensor.Slice(x, axis, random.Next(extent)),
            4 => Tensor.Slice(x, axis, step: 2),
            5 => Tensor.Index(x, axis, random.Next(extent)),
            6 => Tensor.Reshape(x, [x.Length]),
            7 when x.Length < 2000 => Tensor.Concat([x, Tensor.Flip(x, axis)], axis),
            8 when x.Length < 2000 => Tensor.Stack([x, x], 0),
            _ => Tensor.Unsqueeze(x, axis),
        };
    }

    /// <summary>The tensor in the full shape: broadcast where that is possible, else its elements repeated or cut.</summary>
    public static Tensor Fit(Tensor x, Shape full)
    {
        bool broadcasts =
            x.Shape.Rank <= full.Rank
            && x.Shape.Reverse().Zip(full.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second);
        if (broadcasts)
            return Tensor.Expand(x, full);
        Tensor flat = Tensor.Reshape(x, [x.Length]);
        if (x.Length < full.Length)
            return Tensor.Expand(Tensor.Index(flat, 0, x.Length - 1), full);
        return Tensor.Reshape(Tensor.Slice(flat, 0, 0, full.Length), full);
    }
}

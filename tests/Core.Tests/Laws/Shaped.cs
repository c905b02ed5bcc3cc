using FsCheck;
using FsCheck.Fluent;

namespace Implicit.Tests.Laws;

/// <summary>A tensor of any small shape with its elements.</summary>
public sealed record Shaped(Shape Shape, double[] Elements)
{
    public Tensor Tensor => Tensor.Of(Elements, Shape);

    public override string ToString() => $"{Shape}: [{string.Join(", ", Elements)}]";
}

/// <summary>Two tensors that broadcast.</summary>
public sealed record ShapedPair(Shaped A, Shaped B, Shape Joined);

/// <summary>A tensor and some of its axes.</summary>
public sealed record ShapedAxes(Shaped X, int[] Axes)
{
    public override string ToString() => $"{X} over [{string.Join(", ", Axes)}]";
}

/// <summary>Draws shapes of up to four axes of up to four places, none included.</summary>
public static class Shapes
{
    private static readonly Gen<int[]> Extents =
        from rank in Gen.Choose(0, 4)
        from extents in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (8, Gen.Choose(1, 4))), rank)
        select extents;

    public static Arbitrary<Shaped> One() => (from extents in Extents from x in Of(extents) select x).ToArbitrary();

    public static Arbitrary<ShapedPair> Pair() =>
        (
            from joined in Extents
            from a in Broadcast(joined, isWhole: true)
            from b in Broadcast(joined, isWhole: false)
            from isSwapped in Gen.Elements(false, true)
            select isSwapped ? new ShapedPair(b, a, joined) : new ShapedPair(a, b, joined)
        ).ToArbitrary();

    public static Arbitrary<ShapedAxes> WithAxes() =>
        (
            from x in One().Generator
            from keys in Gen.ArrayOf(Gen.Choose(0, 2), x.Shape.Rank)
            select new ShapedAxes(
                x,
                [
                    .. Enumerable
                        .Range(0, x.Shape.Rank)
                        .Where(i => keys[i] > 0)
                        .Select(i => keys[i] == 1 ? i : i - x.Shape.Rank),
                ]
            )
        ).ToArbitrary();

    private static Gen<Shaped> Of(Shape shape) =>
        from elements in Gen.ArrayOf(Gen.Choose(-200, 200), shape.Length)
        select new Shaped(shape, Array.ConvertAll(elements, e => e / 64.0));

    /// <summary>A shape that broadcasts to another: leading axes dropped, some extents 1.</summary>
    private static Gen<Shaped> Broadcast(int[] joined, bool isWhole) =>
        from dropped in isWhole ? Gen.Constant(0) : Gen.Choose(0, joined.Length)
        from ones in Gen.ArrayOf(isWhole ? Gen.Constant(false) : Gen.Elements(false, true), joined.Length)
        from x in Of(joined.Select((extent, axis) => ones[axis] ? 1 : extent).Skip(dropped).ToArray())
        select x;
}

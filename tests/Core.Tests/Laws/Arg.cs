namespace Implicit.Tests.Laws;

/// <summary>
/// An input of an <see cref="OpCase"/>: its shape and how its elements are drawn. Draw where the function is smooth, and keep 0.01 away from
/// kinks: the differences that derivatives are held against reach that far.
/// </summary>
/// <param name="Shape">The shape of the input.</param>
/// <param name="Draw">Draws all elements, row-major.</param>
internal sealed record Arg(Shape Shape, Func<Random, double[]> Draw)
{
    /// <summary>The element type if it is not the float type under test.</summary>
    public DType? Fixed { get; init; }

    /// <summary>Whether derivatives by this input are tested: those of the float type under test, unless said otherwise.</summary>
    public bool IsDifferentiable => Fixed is null;

    /// <summary>Uniform in [from, to).</summary>
    public static Arg Floats(Shape shape, double from = -2.0, double to = 2.0) =>
        new(shape, random => Elements(shape, _ => from + ((to - from) * random.NextDouble())));

    /// <summary>Numbers at least <paramref name="gap"/> from each other and from 0, in random order and of both signs.</summary>
    public static Arg Apart(Shape shape, double gap = 0.1) =>
        new(
            shape,
            random =>
            {
                double[] ladder = Elements(
                    shape,
                    i => (i - (shape.Length / 2) + 0.5) * 2.0 * gap + (gap * (random.NextDouble() - 0.5))
                );
                random.Shuffle(ladder);
                return ladder;
            }
        );

    /// <summary>Whole numbers in [from, to), as int64.</summary>
    public static Arg Integers(Shape shape, int from, int to) =>
        new(shape, random => Elements(shape, _ => random.Next(from, to))) { Fixed = DType.Int64 };

    /// <summary>Truth values.</summary>
    public static Arg Truths(Shape shape) =>
        new(shape, random => Elements(shape, _ => random.Next(2))) { Fixed = DType.Bool };

    /// <summary>Always the same elements.</summary>
    public static Arg Exactly(Shape shape, params double[] elements) => new(shape, _ => elements);

    private static double[] Elements(Shape shape, Func<int, double> element) =>
        [.. Enumerable.Range(0, shape.Length).Select(element)];
}

namespace Implicit.Tests.Laws;

/// <summary>
/// One use of an operation that every law is held against: on which inputs, to which shape, and what a plain loop over the elements gives.
/// </summary>
/// <param name="Name">What the test's name shows, as <c>sum over axis 1</c>; unique.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Result">The shape that the result must have.</param>
/// <param name="Apply">The operation.</param>
/// <param name="Reference">The same on row-major elements (true is 1), by a plain loop.</param>
internal sealed record OpCase(
    string Name,
    Arg[] Inputs,
    Shape Result,
    Func<Tensor[], Tensor> Apply,
    Func<double[][], double[]> Reference
)
{
    /// <summary>By how much the problem itself amplifies rounding errors: the factor on all tolerances.</summary>
    public double Condition { get; init; } = 1.0;

    /// <summary>False for results that have no derivative although they are floating-point: then asking for one raises.</summary>
    public bool HasDerivative { get; init; } = true;

    /// <summary>Whether some input can move the result.</summary>
    public bool IsDifferentiable => HasDerivative && ResultIsFloat && Movable.Length > 0;

    /// <summary>The inputs that derivatives are taken by.</summary>
    public int[] Movable => [.. Enumerable.Range(0, Inputs.Length).Where(i => Inputs[i].IsDifferentiable)];

    private bool ResultIsFloat => Apply(Tensors(Draw(), DType.Float64)).DType is DType.Float64 or DType.Float32;

    /// <summary>An elementwise function of one variable.</summary>
    public static OpCase Unary(
        string name,
        Func<Tensor, Tensor> apply,
        Func<double, double> reference,
        double from = -2.0,
        double to = 2.0
    ) =>
        new(
            name,
            [Arg.Floats([2, 3], from, to)],
            [2, 3],
            x => apply(x[0]),
            x => Array.ConvertAll(x[0], a => reference(a))
        );

    /// <summary>An elementwise function of two variables, of shapes [2, 1, 3] and [4, 1].</summary>
    public static OpCase Binary(
        string name,
        Func<Tensor, Tensor, Tensor> apply,
        Func<double, double, double> reference,
        Func<Shape, Arg>? left = null,
        Func<Shape, Arg>? right = null
    ) =>
        new(
            name,
            [(left ?? Standard)([2, 1, 3]), (right ?? Standard)([4, 1])],
            [2, 4, 3],
            x => apply(x[0], x[1]),
            x => [.. Enumerable.Range(0, 24).Select(p => reference(x[0][(p / 12 * 3) + (p % 3)], x[1][p / 3 % 4]))]
        );

    /// <summary>Elements for all inputs; the same seed gives the same elements. All are exact in float32.</summary>
    public double[][] Draw(int seed = 0)
    {
        uint hash = 2166136261;
        foreach (char letter in Name)
            hash = (hash ^ letter) * 16777619;
        var random = new Random((int)(hash & 0xffffff) + seed);
        return Array.ConvertAll(Inputs, input => Array.ConvertAll(input.Draw(random), x => (double)(float)x));
    }

    /// <summary>The inputs with given elements.</summary>
    public Tensor[] Tensors(double[][] elements, DType dtype) =>
        [.. Inputs.Select((input, i) => Tensor.Of(elements[i], input.Shape, input.Fixed ?? dtype))];

    public override string ToString() => Name;

    private static Arg Standard(Shape shape) => Arg.Floats(shape);
}

using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>At each point its coordinate along one axis, as int64.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    public static Tensor Iota(Shape shape, int axis = 0) =>
        Apply(new IotaOp(shape, Axes.Normalise("iota", axis, shape.Rank)));

    /// <summary>0, 1, …, count − 1 as int64.</summary>
    /// <param name="count">How many.</param>
    public static Tensor Arange(int count) => Iota([count]);

    /// <summary>start, start + step, … up to but not including stop.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">Where to stop.</param>
    /// <param name="step">The distance between neighbours, not zero.</param>
    /// <param name="dtype">The element type.</param>
    /// <returns>A vector of ⌈(stop − start) / step⌉ numbers, none if that is negative.</returns>
    /// <exception cref="TensorException">The step is zero, or a number is not finite.</exception>
    public static Tensor Arange(double start, double stop, double step = 1.0, DType dtype = DType.Float64)
    {
        Throw.Unless(
            double.IsFinite(start) && double.IsFinite(stop) && double.IsFinite(step) && step != 0.0,
            "arange",
            "the bounds and the step must be finite, and the step not zero",
            $"{start} to {stop} by {step}"
        );
        double[] numbers = new double[checked((int)Math.Max(0.0, Math.Ceiling((stop - start) / step)))];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = start + (i * step);
        return Of(numbers, [numbers.Length], dtype);
    }

    /// <summary>Evenly spaced numbers from start to stop; both ends are exact.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The last number.</param>
    /// <param name="count">How many, at least 1; one alone is start.</param>
    /// <param name="dtype">The element type.</param>
    /// <exception cref="TensorException">The count is less than 1.</exception>
    public static Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float64)
    {
        Throw.Unless(count >= 1, "linspace", "the count must be at least 1", $"{count}");
        double[] numbers = new double[count];
        double step = (stop - start) / (count - 1);
        for (int i = 0; i < count; i++)
            numbers[i] = start + (i * step);
        numbers[^1] = count == 1 ? start : stop;
        return Of(numbers, [count], dtype);
    }

    private sealed record IotaOp(Shape To, int Axis) : Op
    {
        public override string Name => "iota";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(DType.Int64, To);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new IotaOp(To.Prepend(size), Axis + 1));

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            emitter.Map(result, new Scalar.Index(Axis));
    }
}

using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>start, start + step, … up to but not including stop.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">Where to stop.</param>
    /// <param name="step">The distance between neighbours, not zero.</param>
    /// <param name="dtype">The element type.</param>
    /// <returns>A vector of ⌈(stop − start) / step⌉ numbers, none if that is negative.</returns>
    /// <exception cref="TensorException">
    /// The step is zero, or a number is not finite, or no int64, where it is to be one, or there are too many.
    /// </exception>
    public static Tensor Arange(double start, double stop, double step = 1.0, DType dtype = DType.Float64)
    {
        Throw.Unless(
            double.IsFinite(start) && double.IsFinite(stop) && double.IsFinite(step) && step != 0.0,
            "arange",
            "the bounds and the step must be finite, and the step not zero",
            $"{start} to {stop} by {step}"
        );
        double count = Math.Max(0.0, Math.Ceiling((stop - start) / step));
        Throw.Unless(
            count <= Array.MaxLength,
            "arange",
            $"there must be at most {Array.MaxLength} numbers",
            $"{start} to {stop} by {step}"
        );
        double[] numbers = new double[(int)count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = start + (i * step);
        return Of(numbers, [numbers.Length], dtype);
    }

    /// <summary>Evenly spaced numbers from start to stop; both ends are exact.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The last number.</param>
    /// <param name="count">How many, at least 1; one alone is start.</param>
    /// <param name="dtype">The element type.</param>
    /// <exception cref="TensorException">The count is less than 1, or an end is not finite.</exception>
    public static Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float64)
    {
        Throw.Unless(count >= 1, "linspace", "the count must be at least 1", $"{count}");
        Throw.Unless(
            double.IsFinite(start) && double.IsFinite(stop),
            "linspace",
            "both ends must be finite",
            FormattableString.Invariant($"{start} and {stop}")
        );
        double[] numbers = new double[count];
        double step = (stop - start) / (count - 1);
        // The distance of two ends may be larger than any number.
        bool isFar = !double.IsFinite(stop - start);
        for (int i = 0; i < count; i++)
            numbers[i] = isFar ? Between((double)i / (count - 1)) : start + (i * step);
        numbers[^1] = count == 1 ? start : stop;
        return Of(numbers, [count], dtype);

        double Between(double part) => ((1.0 - part) * start) + (part * stop);
    }
}

using System.Globalization;

namespace Implicit.Runtime;

/// <summary>
/// One format for all numbers of a printed tensor, so that columns align: as many decimals as the largest needs for the digits its
/// type is shown with, less the zeros that all would end in; powers of ten where magnitudes ask for them.
/// </summary>
internal sealed class NumberFormat
{
    private const double LargestFixed = 1e8;
    private const double SmallestFixed = 1e-4;

    private readonly string format;

    private NumberFormat(string format)
    {
        this.format = format;
    }

    /// <summary>The format for some numbers, shown to a number of significant digits.</summary>
    public static NumberFormat For(ReadOnlySpan<double> numbers, int digits)
    {
        double largest = 0.0;
        double smallest = double.PositiveInfinity;
        foreach (double number in numbers)
            if (double.IsFinite(number) && number != 0.0)
            {
                largest = Math.Max(largest, Math.Abs(number));
                smallest = Math.Min(smallest, Math.Abs(number));
            }
        if (largest >= LargestFixed || smallest < SmallestFixed)
            return new NumberFormat($"0.{new string('0', Decimals(numbers, digits - 1, "e+00"))}e+00");
        int whole = largest < 1.0 ? 0 : (int)Math.Floor(Math.Log10(largest)) + 1;
        return new NumberFormat($"0.{new string('0', Decimals(numbers, Math.Max(1, digits - whole), ""))}");
    }

    public string Text(double number) =>
        double.IsNaN(number) ? "nan"
        : double.IsInfinity(number) ? (number > 0 ? "inf" : "-inf")
        : number.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>How many of the allowed decimals some number needs; at least one, which tells a float from an integer.</summary>
    private static int Decimals(ReadOnlySpan<double> numbers, int allowed, string exponent)
    {
        string full = $"0.{new string('0', allowed)}{exponent}";
        int needed = 1;
        foreach (double number in numbers)
            if (double.IsFinite(number))
            {
                string text = number.ToString(full, CultureInfo.InvariantCulture);
                ReadOnlySpan<char> mantissa = text.AsSpan(0, exponent.Length == 0 ? text.Length : text.IndexOf('e'));
                int point = mantissa.IndexOf('.');
                needed = Math.Max(needed, mantissa.TrimEnd('0').Length - point - 1);
            }
        return needed;
    }
}

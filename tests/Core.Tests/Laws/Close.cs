using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Equality up to rounding.</summary>
internal static class Close
{
    /// <summary>|actual − expected| ≤ tolerance·max(1, |expected|) at each element.</summary>
    public static void Elementwise(double[] expected, double[] actual, double tolerance) =>
        Within(expected, actual, e => tolerance * Math.Max(1.0, Math.Abs(e)));

    /// <summary>|actual − expected| ≤ tolerance·max(1, largest |expected|) at each element.</summary>
    public static void Normwise(double[] expected, double[] actual, double tolerance)
    {
        double scale = expected.Aggregate(1.0, (most, e) => Math.Max(most, Math.Abs(e)));
        Within(expected, actual, _ => tolerance * scale);
    }

    private static void Within(double[] expected, double[] actual, Func<double, double> allowed)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= allowed(expected[i]),
                $"Element {i} is {actual[i]:R}, expected {expected[i]:R} (apart by {Math.Abs(expected[i] - actual[i]):E1}, "
                    + $"allowed {allowed(expected[i]):E1})."
            );
    }
}

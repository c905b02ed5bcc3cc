namespace Implicit.Tests.Backends.Cpu;

/// <summary>Distances in units in the last place.</summary>
internal static class Ulps
{
    /// <summary>How many numbers lie between; 0 for two NaN, huge if only one is.</summary>
    public static double Between(double a, double b)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
            return double.IsNaN(a) && double.IsNaN(b) ? 0 : double.PositiveInfinity;
        return Math.Abs((double)((Int128)Order(a) - Order(b)));
    }

    /// <summary>The error of a float32 against a more accurate value, in units of the float32 nearest to that.</summary>
    public static double Of(float value, double exact)
    {
        float nearest = (float)exact;
        if (float.IsNaN(nearest) || float.IsNaN(value))
            return float.IsNaN(nearest) && float.IsNaN(value) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(nearest))
            return value == nearest || MathF.BitIncrement(MathF.Abs(value)) == MathF.Abs(nearest)
                ? 0
                : double.PositiveInfinity;
        double unit = (double)MathF.BitIncrement(MathF.Abs(nearest)) - MathF.Abs(nearest);
        return Math.Abs(value - exact) / (double.IsInfinity(unit) ? MathF.Abs(nearest) * MathF.Pow(2, -23) : unit);
    }

    private static long Order(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>Numbers are equal that have the same bits; NaNs are one another's equals.</summary>
internal sealed class SameBits : IEqualityComparer<double>
{
    public static readonly SameBits Instance = new();

    public bool Equals(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    public int GetHashCode(double x) => x.GetHashCode();
}

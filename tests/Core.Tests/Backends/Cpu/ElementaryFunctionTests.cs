using System.Globalization;
using Xunit;
using static Implicit.Backends.Cpu.BinaryFunctions;
using static Implicit.Backends.Cpu.UnaryFunctions;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>
/// Accuracy against references.txt: function, argument bits and the correctly rounded value's bits (mpmath 1.3, 60 digits).
/// </summary>
public sealed class ElementaryFunctionTests
{
    private const double LargestError = 4;

    private const double LargestDenormal = 2.2250738585072009e-308;

    private const float LargestDenormalSingle = 1.17549421e-38f;

    private static readonly UnaryCase[] Cases =
    [
        new UnaryCase<Exp>(),
        new UnaryCase<Expm1>(),
        new UnaryCase<Log>(),
        new UnaryCase<Log1p>(),
        new UnaryCase<Log10>(),
        new UnaryCase<Sin>(),
        new UnaryCase<Cos>(),
        new UnaryCase<Tan>(),
        new UnaryCase<Asin>(),
        new UnaryCase<Acos>(),
        new UnaryCase<Atan>(),
        new UnaryCase<Sinh>(),
        new UnaryCase<Cosh>(),
        new UnaryCase<Tanh>(),
        new UnaryCase<Erf>(),
        new UnaryCase<Sigmoid>(),
        new UnaryCase<Silu>(),
        new UnaryCase<NormalDensity>(),
        new UnaryCase<NormalCdf>(),
        new UnaryCase<Gelu>(),
    ];

    private static readonly Func<double, double>[] SystemMath =
    [
        Math.Exp,
        x => double.NaN,
        Math.Log,
        x => double.NaN,
        Math.Log10,
        Math.Sin,
        Math.Cos,
        Math.Tan,
        Math.Asin,
        Math.Acos,
        Math.Atan,
        Math.Sinh,
        Math.Cosh,
        Math.Tanh,
        x => double.NaN,
        x => double.NaN,
        x => double.NaN,
        x => double.NaN,
        x => double.NaN,
        x => double.NaN,
    ];

    public static TheoryData<int> Positions() => new(Enumerable.Range(0, Cases.Length));

    public static TheoryData<int> PositionsInSystemMath() =>
        new(Enumerable.Range(0, Cases.Length).Where(i => !double.IsNaN(SystemMath[i](0.5))));

    [Theory]
    [MemberData(nameof(Positions))]
    public void Float64_is_within_4_ulp_of_the_references(int position)
    {
        UnaryCase function = Cases[position];
        double[][] rows = References(function.Name);
        double[] y = function.Run(Array.ConvertAll(rows, row => row[0]));
        for (int i = 0; i < rows.Length; i++)
            AssertClose(Ulps.Between(y[i], rows[i][1]), function.Name, rows[i][0]);
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void Float32_is_within_4_ulp_of_float64(int position)
    {
        UnaryCase function = Cases[position];
        float[] x = Array.ConvertAll([.. Dense(), .. Special], v => (float)v);
        float[] y = function.Run(x);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = InFloat64(position, x[i]);
            AssertClose(Ulps.Of(y[i], exact), function.Name, x[i]);
            Assert.True(exact != 0 || double.IsNegative(exact) == float.IsNegative(y[i]), $"{function.Name}({x[i]})");
        }
    }

    /// <summary>By the system's own functions where it has them, else by ours, which the references check.</summary>
    private static double InFloat64(int position, double x) =>
        double.IsNaN(SystemMath[position](0.5)) ? Cases[position].Run(x) : SystemMath[position](x);

    [Theory]
    [MemberData(nameof(PositionsInSystemMath))]
    public void Float64_is_within_4_ulp_of_system_math(int position)
    {
        UnaryCase function = Cases[position];
        double[] x = Dense();
        double[] y = function.Run(x);
        for (int i = 0; i < x.Length; i++)
            AssertClose(Ulps.Between(y[i], SystemMath[position](x[i])), function.Name, x[i]);
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void Every_width_gives_the_same_bits(int position)
    {
        double[] x = [.. Dense()[..2003], .. Special];
        float[] single = Array.ConvertAll(x, v => (float)v);
        UnaryCase function = Cases[position];
        Assert.Equal(function.Run(x), function.Run(x, 256));
        Assert.Equal(function.Run(x), function.Run(x, 128));
        Assert.Equal(function.Run(single), function.Run(single, 256));
        Assert.Equal(function.Run(single), function.Run(single, 128));
    }

    [Theory]
    [MemberData(nameof(PositionsInSystemMath))]
    public void Special_arguments_are_those_of_system_math(int position)
    {
        foreach (double x in Special)
        {
            double expected = SystemMath[position](x);
            double actual = Cases[position].Run(x);
            AssertClose(Ulps.Between(actual, expected), Cases[position].Name, x);
            if (expected == 0)
                Assert.Equal(double.IsNegative(expected), double.IsNegative(actual));
        }
    }

    [Fact]
    public void Special_arguments_of_expm1_log1p_and_erf()
    {
        const double infinity = double.PositiveInfinity;
        foreach (
            UnaryCase odd in new UnaryCase[] { new UnaryCase<Expm1>(), new UnaryCase<Log1p>(), new UnaryCase<Erf>() }
        )
        {
            Assert.True(double.IsNaN(odd.Run(double.NaN)));
            Assert.True(double.IsNegative(odd.Run(-0.0)));
            Assert.False(double.IsNegative(odd.Run(0.0)));
        }
        foreach (double x in new[] { double.Epsilon, LargestDenormal, -double.Epsilon, -LargestDenormal })
        {
            Assert.Equal(x, new UnaryCase<Expm1>().Run(x));
            Assert.Equal(x, new UnaryCase<Log1p>().Run(x));
            AssertClose(Ulps.Between(new UnaryCase<Erf>().Run(x), x * 1.1283791670955126), "Erf", x);
        }
        Assert.Equal(5e-324, new UnaryCase<Expm1>().Run(5e-324));
        Assert.Equal(-1e-310, new UnaryCase<Log1p>().Run(-1e-310));
        Assert.Equal([infinity, -1], new UnaryCase<Expm1>().Run([infinity, -infinity]));
        Assert.Equal([infinity, -infinity, double.NaN], new UnaryCase<Log1p>().Run([infinity, -1, -1.5]));
        Assert.Equal([1, -1, 1], new UnaryCase<Erf>().Run([infinity, -infinity, 6.5]));
    }

    [Fact]
    public void Special_arguments_of_the_logistic_and_the_normal_distribution()
    {
        double[] x = [double.PositiveInfinity, double.NegativeInfinity, 0, double.NaN, -1e300];
        double infinity = double.PositiveInfinity;
        Assert.Equal([1, 0, 0.5, double.NaN, 0], new UnaryCase<Sigmoid>().Run(x));
        Assert.Equal([1, 0, 0.5, double.NaN, 0], new UnaryCase<NormalCdf>().Run(x));
        Assert.Equal([0, 0, 0.3989422804014327, double.NaN, 0], new UnaryCase<NormalDensity>().Run(x));
        foreach (UnaryCase rectifier in new UnaryCase[] { new UnaryCase<Silu>(), new UnaryCase<Gelu>() })
        {
            Assert.Equal([infinity, 0, 0, double.NaN, 0], Array.ConvertAll(rectifier.Run(x), y => y + 0.0));
            Assert.True(double.IsNegative(rectifier.Run(-0.0)));
            Assert.Equal(double.MaxValue, rectifier.Run(double.MaxValue));
        }
    }

    [Fact]
    public void Log10_of_powers_of_ten_is_exact()
    {
        double[] x = [.. Enumerable.Range(0, 23).Select(k => Math.Pow(10, k))];
        Assert.Equal(Enumerable.Range(0, 23).Select(k => (double)k), new UnaryCase<Log10>().Run(x));
    }

    [Fact]
    public void Power_and_atan2_are_within_4_ulp_of_the_references()
    {
        foreach (double[] row in References("Power"))
        {
            AssertClose(Ulps.Between(BinaryCase<Power>.Run(row[0], row[1]), row[2]), $"Power to {row[1]}", row[0]);
            float a = (float)row[0];
            float b = (float)row[1];
            AssertClose(Ulps.Of(BinaryCase<Power>.Run(a, b), Math.Pow(a, b)), $"Power f32 to {b}", a);
        }
        foreach (double[] row in References("Atan2"))
            AssertClose(Ulps.Between(BinaryCase<Atan2>.Run(row[0], row[1]), row[2]), "Atan2", row[0]);
    }

    [Fact]
    public void Power_and_atan2_of_special_arguments_are_those_of_system_math()
    {
        double[] values = [.. Special, 2, -2, 3, -3, 0.5, -0.5, 1e300, 9007199254740993];
        foreach (double a in values)
        {
            foreach (double b in values)
            {
                AssertSame(Math.Pow(a, b), BinaryCase<Power>.Run(a, b), $"{a} ** {b}");
                AssertSame(Math.Atan2(a, b), BinaryCase<Atan2>.Run(a, b), $"atan2({a}, {b})");
                float x = (float)a;
                float y = (float)b;
                AssertSame(Math.Pow(x, y), BinaryCase<Power>.Run(x, y), $"{x} ** {y} in float32");
                AssertSame(Math.Atan2(x, y), BinaryCase<Atan2>.Run(x, y), $"atan2({x}, {y}) in float32");
            }
        }
    }

    private static readonly double[] Special =
    [
        0.0,
        -0.0,
        1,
        -1,
        5e-324,
        -5e-324,
        1e-310,
        LargestDenormal,
        -LargestDenormal,
        float.Epsilon,
        -float.Epsilon,
        LargestDenormalSingle,
        -LargestDenormalSingle,
        1e22,
        -1e300,
        double.MaxValue,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        709.9,
        -745.2,
        710.5,
        88.8,
        -104,
    ];

    /// <summary>Arguments of every magnitude, most of them moderate.</summary>
    private static double[] Dense()
    {
        System.Random random = new(7);
        double[] x = new double[60_000];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (i % 4) switch
            {
                0 => random.NextDouble() * 2 - 1,
                1 => random.NextDouble() * 20 - 10,
                2 => Math.Exp(random.NextDouble() * 18 - 9) * (i % 8 == 2 ? -1 : 1),
                _ => Math.Exp(random.NextDouble() * 160 - 80) * (i % 8 == 3 ? -1 : 1),
            };
        }
        return x;
    }

    private static double[][] References(string function)
    {
        using Stream stream = typeof(ElementaryFunctionTests).Assembly.GetManifestResourceStream("references.txt")!;
        using StreamReader reader = new(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Where(words => words[0] == function)
                .Select(words => words[1..].Select(Bits).ToArray()),
        ];
    }

    private static double Bits(string hexadecimal) =>
        BitConverter.Int64BitsToDouble(long.Parse(hexadecimal, NumberStyles.HexNumber));

    private static void AssertClose(double ulps, string function, double x) =>
        Assert.True(ulps <= LargestError, $"{function}({x:R}) is {ulps} ulp off");

    private static void AssertSame(double expected, double actual, string what)
    {
        Assert.True(Ulps.Between(expected, actual) <= LargestError, $"{what}: {actual} instead of {expected}");
        Assert.True(expected != 0 || double.IsNegative(expected) == double.IsNegative(actual), what);
    }

    private static void AssertSame(double expected, float actual, string what)
    {
        Assert.True(Ulps.Of(actual, expected) <= LargestError, $"{what}: {actual} instead of {expected}");
        Assert.True(expected != 0 || double.IsNegative(expected) == float.IsNegative(actual), what);
    }
}

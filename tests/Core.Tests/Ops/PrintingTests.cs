using System.Globalization;
using Implicit.Graph;
using Implicit.Schedule;
using Xunit;

namespace Implicit.Tests.Ops;

public sealed class PrintingTests
{
    [Fact]
    public void Scalars_print_as_numbers()
    {
        Assert.Equal("0.1", Tensor.Scalar(0.1).ToString());
        Assert.Equal("3.0", Tensor.Scalar(3).ToString());
        Assert.Equal("0.3333333333333333", (Tensor.Scalar(1) / 3.0).ToString());
        Assert.Equal("0.3333333", (Tensor.Scalar(1, DType.Float32) / 3.0).ToString());
        Assert.Equal("nan", Tensor.Scalar(double.NaN).ToString());
        Assert.Equal("7", Tensor.Scalar(7, DType.Int64).ToString());
    }

    [Fact]
    public void Rows_align()
    {
        Assert.Equal(
            "[[  1.0,  -2.5],\n [100.0,   0.0]]",
            Tensor
                .Of(
                    new double[,]
                    {
                        { 1, -2.5 },
                        { 100, 0 },
                    }
                )
                .ToString()
        );
        Assert.Equal("[1.0e+00, 1.5e-07]", Tensor.Of(1, 1.5e-7).ToString());
        Assert.Equal(
            "[ inf, -inf,  nan,  1.0]",
            Tensor.Of(double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1).ToString()
        );
        Assert.Equal("[3.1415927, 0.3333333]", Tensor.Of(Math.PI, 1 / 3.0).ToString());
        Assert.Equal("[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10]", Tensor.Arange(11).ToString());
        Assert.Equal("[[[0, 1]],\n\n [[2, 3]]]", Tensor.Reshape(Tensor.Arange(4), [2, 1, 2]).ToString());
        Assert.Equal("float64[0, 3] []", Tensor.Zeros([0, 3]).ToString());
    }

    [Fact]
    public void Large_tensors_show_their_edges()
    {
        Assert.Equal("int64[2000]\n[   0,    1,    2, …, 1997, 1998, 1999]", Tensor.Arange(2000).ToString());
        string wide = Tensor.Zeros([2, 80]).ToString();
        Assert.StartsWith("float64[2, 80]\n[[0.0, 0.0,", wide, StringComparison.Ordinal);
        Assert.Contains("…", wide, StringComparison.Ordinal);
        Assert.All(wide.Split('\n'), line => Assert.InRange(line.Length, 1, 100));
        string wrapped = Tensor.Linspace(0, 1, 200).ToString();
        Assert.DoesNotContain("…", wrapped, StringComparison.Ordinal);
        Assert.All(wrapped.Split('\n'), line => Assert.InRange(line.Length, 1, 101));
    }

    [Fact]
    public void The_culture_does_not_matter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("[1.5, 2.0]", Tensor.Of(1.5, 2).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Functions_and_programs_are_readable()
    {
        Function function = Function.Trace(
            "test",
            [new TensorType(DType.Float64, [3]), new TensorType(DType.Float64, [])],
            x => [Tensor.Sum(x[0] * x[1], 0)],
            out _
        );
        Assert.Equal(
            """
            (float64[3], float64[])
            v0 = placeholder{Number = 0, IsLiteral = False}() : float64[3]
            v1 = placeholder{Number = 1, IsLiteral = False}() : float64[]
            v2 = multiply(v0, v1) : float64[3]
            v3 = sum{Along = [0]}(v2) : float64[]
            → v3
            """,
            function.ToString()
        );
        Assert.Equal(
            """
            s0 = Input 0 : float64 × 3
            s1 = Input 1 : float64 × 1
            s2 = Temporary 0 : float64 × 3
            s3 = Output 0 : float64 × 1
            s3[0; []] ← Reduce Sum [3] keeps 0: Multiply(x0, x1) of s0[0; [1]], s1[0; [0]]
            arena 0 bytes
            """,
            Plan.For(function.Structure).Program.ToString()
        );
    }
}

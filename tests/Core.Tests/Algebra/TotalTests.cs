using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>Sums of results of one operation, and joints of parts.</summary>
public sealed class TotalTests
{
    private static readonly TensorType[] Types =
    [
        .. Enumerable.Repeat(new TensorType(DType.Float64, [6, 4]), 3),
        .. Enumerable.Repeat(new TensorType(DType.Float64, [6, 5]), 3),
    ];

    public static TheoryData<string> Names => [.. Terms.Keys];

    private static Dictionary<
        string,
        (Func<Tensor, Tensor, Tensor> Term, int Products, int Reductions)
    > Terms { get; } =
        new()
        {
            ["products"] = ((a, b) => Tensor.MatMul(Tensor.Exp(a).T, b), 1, 0),
            ["products of what is not transposed"] = (
                (a, b) => Tensor.MatMul(a[..4, ..], Tensor.Tanh(b)[..4, ..]),
                1,
                0
            ),
            ["transposed products"] = ((a, b) => Tensor.MatMul(b.T, a).T, 1, 0),
            ["sums"] = ((a, b) => Tensor.Sum(Tensor.Exp(a), 0), 0, 1),
            ["reshaped sums"] = ((a, b) => Tensor.Reshape(Tensor.Sum(a * a, 1), [2, 3]), 0, 1),
            ["products in batches"] = (
                (a, b) => Tensor.MatMul(Tensor.Reshape(a, [2, 3, 4]), Tensor.Reshape(a, [2, 4, 3])),
                3,
                0
            ),
            ["negative products"] = ((a, b) => -Tensor.MatMul(a.T, b), 1, 0),
            ["other things"] = ((a, b) => Tensor.Max(a, 0) * 2.0, 0, 3),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_total_is_the_sum_by_less_work(string name) => Check(name, [1.0, 1.0, 1.0], (_, x) => x);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_total_of_multiples_has_the_same_way(string name) => Check(name, [0.3, -2.0, 1.7], Tensor.Multiple);

    private static void Check(string name, double[] factors, Func<double, Tensor, Tensor> multiple)
    {
        (Func<Tensor, Tensor, Tensor> term, int products, int reductions) = Terms[name];
        Function total = Traced(all =>
            Tensor.Total([.. factors.Select((factor, i) => multiple(factor, term(all[i], all[3 + i])))])
        );
        Program program = Plan.For(total.Structure).Program;
        Assert.Equal(products, program.Kernels.Count(kernel => kernel is MatMul));
        Assert.Equal(reductions, program.Kernels.Count(kernel => kernel is Reduce));
        Tensor[] x =
        [
            .. Types.Select(
                (type, i) => Tensor.Reshape(Tensor.Sin(Tensor.Linspace(i, 7.0 + i, type.Shape.Length)), type.Shape)
            ),
        ];
        Tensor[] terms = [term(x[0], x[3]), term(x[1], x[4]), term(x[2], x[5])];
        Tensor expected = (factors[0] * terms[0]) + (factors[1] * terms[1]) + (factors[2] * terms[2]);
        Close.Normwise(expected.ToArray(), total.Apply(x)[0].ToArray(), 1e-14);
    }

    [Fact]
    public void Terms_of_different_operations_are_added()
    {
        Tensor x = Tensor.Of(1.0, 4.0);
        Assert.Equal([2.0, 6.0], Tensor.Total([Tensor.Sqrt(x), x]).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_parts_of_a_split_joined_again_are_what_was_split(int axis) =>
        Traced(all =>
        {
            Tensor[] parts = Tensor.Split(all[0], 2, axis);
            Assert.Same(all[0], Tensor.Concat(parts, axis));
            Assert.NotSame(all[0], Tensor.Concat([parts[1], parts[0]], axis));
            Assert.NotSame(all[0], Tensor.Concat([parts[0], parts[0]], axis));
            Assert.NotSame(all[0], Tensor.Concat(parts, 1 - axis));
            return Tensor.Concat([all[0][1..3, ..], all[0][3..6, ..]]);
        });

    private static Function Traced(Func<Tensor[], Tensor> f) => Function.TraceClosed("test", Types, all => [f(all)]);
}

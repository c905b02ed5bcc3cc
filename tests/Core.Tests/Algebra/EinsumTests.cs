using FsCheck;
using FsCheck.Fluent;
using Implicit.Testing;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Algebra;

/// <summary>Equations of all kinds against a loop over every label; what cannot be read is named.</summary>
public sealed class EinsumTests
{
    [Property(typeof(Equations), MaxTest = 200)]
    public void Einsum_is_the_loop_over_all_labels(Equation equation)
    {
        Tensor[] operands =
        [
            .. equation.Terms.Select((term, i) => Tensor.Of(equation.Elements(i), equation.ShapeOf(term))),
        ];
        Tensor result = Tensor.Einsum(equation.ToString(), operands);
        Assert.Equal(equation.ShapeOf(equation.Result), result.Shape);
        Close.Normwise(equation.ByLoops(), result.ToArray(), 1e-13);
    }

    [Fact]
    public void Without_an_arrow_single_labels_remain_by_the_alphabet()
    {
        Tensor a = Tensor.Of([1, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([3, 2], Tensor.Einsum("ji", a).Shape);
        Assert.Equal(a.T.ToArray(), Tensor.Einsum("ba", a).ToArray());
        Assert.Equal(Shape.Scalar, Tensor.Einsum("ii", Tensor.Eye(3)).Shape);
    }

    [Fact]
    public void Axes_of_ellipses_broadcast()
    {
        Tensor a = Tensor.Ones([2, 1, 3, 4]);
        Tensor b = Tensor.Ones([5, 4, 2]);
        Tensor c = Tensor.Einsum("...ij,...jk->...ik", a, b);
        Assert.Equal([2, 5, 3, 2], c.Shape);
        Assert.All(c.ToArray(), x => Assert.Equal(4.0, x));
    }

    [Theory]
    [InlineData("ij,jk->ik", "as many terms as operands (1)")]
    [InlineData("ijk->i", "must name each axis of operand 0")]
    [InlineData("i1->i", "labels must be letters")]
    [InlineData("ij->ik", "label 'k' of the result must occur in a term")]
    [InlineData("ij->ii", "once in the result")]
    [InlineData("ii->i", "must stand for one extent")]
    [InlineData("i->j->k", "at most one '->'")]
    [InlineData("...i...", "at most one ellipsis")]
    [InlineData("...i->i", "the result must have an ellipsis")]
    [InlineData("...ijk->...", "must name each axis of operand 0")]
    public void An_equation_that_does_not_fit_is_refused(string equation, string expected)
    {
        string message = Assert.Throws<TensorException>(() => Tensor.Einsum(equation, Tensor.Ones([2, 3]))).Message;
        Assert.StartsWith("[einsum] ", message);
        Assert.Contains(expected, message);
        Assert.Contains(equation, message);
    }

    public sealed record Equation(string[] Terms, string Result, int Seed)
    {
        private static readonly Dictionary<char, int> Extents = new()
        {
            ['a'] = 2,
            ['b'] = 3,
            ['c'] = 1,
            ['d'] = 2,
            ['e'] = 4,
        };

        public Shape ShapeOf(string term) => term.Select(label => Extents[label]).ToArray();

        public double[] Elements(int term)
        {
            var random = new Random(Seed + term);
            return [.. Enumerable.Range(0, ShapeOf(Terms[term]).Length).Select(_ => random.NextDouble() - 0.5)];
        }

        public double[] ByLoops()
        {
            char[] labels = [.. string.Concat(Terms).Distinct()];
            double[][] elements = [.. Terms.Select((_, i) => Elements(i))];
            double[] sum = new double[ShapeOf(Result).Length];
            int points = labels.Aggregate(1, (count, label) => count * Extents[label]);
            for (int point = 0; point < points; point++)
            {
                var at = new Dictionary<char, int>();
                int rest = point;
                foreach (char label in labels)
                {
                    at[label] = rest % Extents[label];
                    rest /= Extents[label];
                }
                sum[Place(Result, at)] += Terms
                    .Select((term, i) => elements[i][Place(term, at)])
                    .Aggregate(1.0, (product, x) => product * x);
            }
            return sum;
        }

        public override string ToString() => $"{string.Join(",", Terms)}->{Result}";

        private static int Place(string term, Dictionary<char, int> at) =>
            term.Aggregate(0, (place, label) => (place * Extents[label]) + at[label]);
    }

    public static class Equations
    {
        public static Arbitrary<Equation> Equation() =>
            (
                from terms in Term.NonEmptyListOf().Where(terms => terms.Count <= 3)
                from shuffled in Gen.Shuffle(string.Concat(terms).Distinct().ToArray())
                from kept in Gen.Choose(0, shuffled.Length)
                from seed in Gen.Choose(0, 1000)
                select new Equation([.. terms], new string(shuffled[..kept]), seed)
            ).ToArbitrary();

        private static Gen<string> Term =>
            from length in Gen.Choose(0, 3)
            from labels in Gen.Elements('a', 'b', 'c', 'd', 'e').ArrayOf(length)
            select new string(labels);
    }
}

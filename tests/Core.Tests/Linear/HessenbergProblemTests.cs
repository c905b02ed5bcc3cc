using Implicit.Backends.Cpu;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>The least squares problem of GMRES against the same by QR.</summary>
public sealed class HessenbergProblemTests
{
    private const double Norm = 1.7;

    /// <summary>As many columns as there is room for at first, one more, and so many that the room has grown twice; of two items by turns.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(70)]
    public void Least_squares_are_those_of_the_whole_matrix(int columns)
    {
        using var space = new HessenbergSpace(Pool.Shared, 2);
        HessenbergProblem[] problems = [new(space, 0), new(space, 1)];
        problems[0].Begin(Norm);
        problems[1].Begin(2.0 * Norm);
        double[] matrix = new double[(columns + 1) * columns];
        for (int k = 0; k < columns; k++)
        {
            for (int i = 0; i < k + 2; i++)
                matrix[(i * columns) + k] = (i == k ? 2.0 : 0.0) + (Math.Sin((3.0 * i) + k) / (1 + Math.Abs(i - k)));
            foreach (HessenbergProblem problem in problems)
            {
                Span<double> column = problem.NextColumn();
                Assert.Equal(k + 2, column.Length);
                for (int i = 0; i < column.Length; i++)
                    column[i] = matrix[(i * columns) + k];
                Assert.True(problem.Add(0.0));
                Assert.Equal(k + 1, problem.Count);
            }
        }
        double[] right = [Norm, .. new double[columns]];
        var h = Tensor.Of(matrix, [columns + 1, columns]);
        var b = Tensor.Of(right);
        Tensor y = Tensor.Solve(Tensor.MatMul(h.T, h), Tensor.MatMul(h.T, b));
        Tensor left = Tensor.MatMul(h, y) - b;
        double residual = Tensor.Sqrt(Tensor.Sum(left * left)).ToDouble();
        for (int item = 0; item < 2; item++)
        {
            Close.Elementwise([residual * (item + 1)], [problems[item].Residual], 1e-10);
            Close.Normwise((y * (item + 1.0)).ToArray(), problems[item].Solve().ToArray(), 1e-9);
        }
    }

    /// <summary>One item of many grows: what is asked of the pool is its room, and not all of theirs.</summary>
    [Fact]
    public void A_slow_item_takes_no_memory_for_others()
    {
        var pool = new Pool(1 << 30);
        using (var space = new HessenbergSpace(pool, 1000))
        {
            HessenbergNumbers few = space.Of(0);
            long before = pool.Outstanding;
            long room = 0;
            while (room < before)
            {
                HessenbergNumbers grown = space.Grown(7);
                room = sizeof(double) * HessenbergNumbers.Room(grown.Columns);
                // The pool gives out up to a quarter more than it is asked for.
                Assert.InRange(pool.Outstanding - before, room, room * 5 / 4);
                Assert.Equal(grown.Columns, space.Of(7).Columns);
            }
            Assert.Equal(few.Columns, space.Of(8).Columns);
        }
        Assert.Equal(0, pool.Outstanding);
    }

    /// <summary>The triangle of 65 536 columns has more elements than an int counts.</summary>
    [Fact]
    public void Room_for_many_columns_is_counted() => Assert.Equal(2_147_713_026L, HessenbergNumbers.Room(65_536));

    /// <summary>A column of which the others leave nothing is not taken.</summary>
    [Fact]
    public void A_dependent_column_is_not_taken()
    {
        using var space = new HessenbergSpace(Pool.Shared, 1);
        var problem = new HessenbergProblem(space, 0);
        problem.Begin(Norm);
        problem.NextColumn().Clear();
        Assert.False(problem.Add(1e-14));
        Assert.Equal(0, problem.Count);
        Assert.Equal(Norm, problem.Residual);
    }
}

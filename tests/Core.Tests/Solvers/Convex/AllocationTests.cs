using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Steps of the interior point allocate nothing on the managed heap, of one program and of a batch: many allocate what few do.</summary>
public sealed class AllocationTests
{
    /// <summary>Matrices of up to a few variables and of many are kept in different forms.</summary>
    public static MatrixTheoryData<int, int> Cases => new([4, 70], [1, 3, 16]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void More_steps_allocate_nothing_more(int n, int items)
    {
        QuadraticProgram programs = Boxed(n, items);
        Bytes.AssertFlat(
            steps => Argmin.SolveQp(programs, new QpOptions { MaxSteps = steps }).Iterations.Min(),
            few: 2,
            many: 4
        );
    }

    /// <summary>min ½‖Mx‖² + q·x with more bounds than variables, so that no active set is searched for before the first step.</summary>
    private static QuadraticProgram Boxed(int n, int items)
    {
        Tensor positions = Tensor.Cast(Tensor.Arange(n * n), DType.Float64);
        Tensor m = Tensor.Reshape(Tensor.Cos(1.7 * positions * positions), [n, n]);
        return new QuadraticProgram(
            Tensor.Reshape(3.0 * Tensor.Sin(Tensor.Linspace(0.0, 7.0 * items, items * n)), [items, n])
        )
        {
            P = Tensor.MatMul(m.T, m),
            G = Tensor.Reshape(Tensor.Sin(positions), [n, n]),
            H = Tensor.Ones([n]),
            Lower = Tensor.Full([n], -1.0),
            Upper = Tensor.Full([n], 1.5),
        };
    }
}

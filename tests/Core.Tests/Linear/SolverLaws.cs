using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Every method on every operator: value, both modes, second order, batches, transposes, both element types.</summary>
public sealed class SolverLaws
{
    private static readonly double[][] Point = [Systems.Matrix, [0.7], Systems.Right];

    private static readonly double[][] Direction =
    [
        [.. Systems.Matrix.Select(Math.Sin)],
        [-0.6],
        [0.8, 0.1, -0.4, 0.7],
    ];

    /// <summary>Methods on operators that they are for.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string method in Systems.Methods.Keys)
            foreach (string kind in Operators.All.Keys)
                if (Systems.Methods[method] is not LinearSolver.Cg || kind is "definite" or "diagonal")
                    pairs.Add(method, kind);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_solution_solves_the_system_and_its_transpose(string method, string kind)
    {
        LinearOperator a = Operators.All[kind](Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7));
        Tensor b = Tensor.Of(Systems.Right);
        Close.Normwise(Systems.Right, a.Apply(LinearSystem.Solve(a, b, Systems.Methods[method])).ToArray(), 1e-10);
        Close.Normwise(Systems.Right, a.T.Apply(LinearSystem.Solve(a.T, b, Systems.Methods[method])).ToArray(), 1e-10);
        LinearSolution solution = LinearSystem.TrySolve(a, b, Systems.Methods[method]);
        Assert.Equal(LinearStatus.Success, solution.Status);
        Assert.True(solution.Residual < 1e-10);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void First_and_second_derivatives_are_differences_in_both_modes(string method, string kind)
    {
        double[] along = Differences.Along(p => Loss(Tensors(p)).ToArray(), Point, Direction);
        Tensor forward = Differentiation.Jvp(Loss, Tensors(Point), Tensors(Direction)).Tangent;
        Close.Normwise(along, forward.ToArray(), 1e-8);
        Close.Normwise(along, [Inner(Flat(Gradient(Tensors(Point))))], 1e-8);

        double[] turning = Differences.Along(p => Flat(Gradient(Tensors(p))), Point, Direction);
        Tensor[] forwardOverReverse = Differentiation.Jvp(Gradient, Tensors(Point), Tensors(Direction)).Tangent;
        Tensor[] reverseOverReverse = Differentiation.Grad(
            p => Gradient(p).Zip(Tensors(Direction), (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
            Tensors(Point)
        );
        Close.Normwise(turning, Flat(forwardOverReverse), 1e-7);
        Close.Normwise(turning, Flat(reverseOverReverse), 1e-7);

        Tensor Loss(Tensor[] p) => SolverLaws.Loss(method, kind, p);

        Tensor[] Gradient(Tensor[] p) => Differentiation.Grad(Loss, p);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_batch_is_a_loop(string method, string kind)
    {
        double[] rights = [.. Systems.Right, 0.3, 0.1, -0.7, 2.0, 0.0, 0.0, 0.0, 0.0];
        double[] scales = [0.7, 1.3, 0.2];
        Tensor[] batch = [Tensor.Of(scales), Tensor.Of(rights, [3, 4])];
        Tensor[] gradients = Vectorisation.Vmap(p => Differentiation.Grad(Item, p), batch);
        for (int i = 0; i < scales.Length; i++)
        {
            Tensor[] item = [Tensor.Of(scales.AsSpan(i, 1), []), Tensor.Of(rights[(4 * i)..((4 * i) + 4)])];
            Tensor[] alone = Differentiation.Grad(Item, item);
            Close.Normwise(alone[0].ToArray(), gradients[0].ToArray()[i..(i + 1)], 1e-11);
            Close.Normwise(alone[1].ToArray(), gradients[1].ToArray()[(4 * i)..((4 * i) + 4)], 1e-11);
        }

        Tensor Item(Tensor[] p) => Loss(method, kind, [Tensor.Of(Systems.Matrix, [4, 4]), p[0], p[1]]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Columns_are_right_sides_and_single_precision_is_near(string method, string kind)
    {
        double[] columns = [1.0, 0.2, -2.0, 0.4, 0.5, -0.3, 3.0, 1.1];
        LinearOperator a = Operators.All[kind](Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7));
        LinearSolution solution = LinearSystem.TrySolve(a, Tensor.Of(columns, [4, 2]), Systems.Methods[method]);
        Assert.True(solution.IsSuccess);
        Close.Normwise(columns, a.Apply(solution.Value).ToArray(), 1e-10);

        if (kind == "krylov inverse")
            return;
        LinearSolver solver = Systems.Methods[method] is LinearSolver.Krylov krylov
            ? krylov with
            {
                RelativeTolerance = null,
            }
            : Systems.Methods[method];
        Tensor single = Tensor.Cast(Tensor.Of(Systems.Matrix, [4, 4]), DType.Float32);
        LinearOperator near = Operators.All[kind](single, Tensor.Scalar(0.7, DType.Float32));
        Tensor x = LinearSystem.Solve(near, Tensor.Cast(Tensor.Of(columns, [4, 2]), DType.Float32), solver);
        Close.Normwise(solution.Value.ToArray(), Tensor.Cast(x, DType.Float64).ToArray(), 1e-4);
    }

    private static Tensor Loss(string method, string kind, Tensor[] p)
    {
        LinearOperator a = Operators.All[kind](Tensor.Reshape(p[0], [4, 4]), Tensor.Sum(p[1]));
        Tensor x = LinearSystem.Solve(a, p[2], Systems.Methods[method]);
        return Tensor.Sum(x * x * x);
    }

    private static double Inner(double[] gradient) =>
        gradient.Zip(Direction.SelectMany(part => part), (g, v) => g * v).Sum();

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static double[] Flat(Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];
}

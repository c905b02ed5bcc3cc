using Implicit.Control;
using Implicit.Graph;
using Implicit.Solvers;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Steps with a loop of their own compute what their functions say, in every step of a solve.</summary>
public sealed class FusedStepTests
{
    private static readonly Dictionary<string, EquationMethod> Methods = new()
    {
        ["anderson"] = new Anderson(),
        ["anderson 1, damped"] = new Anderson(1, 0.8),
        ["anderson 2, ridge"] = new Anderson(2, 1.0, 1e-3),
        ["broyden"] = new Broyden(),
        ["broyden 1"] = new Broyden(1),
        ["broyden 3"] = new Broyden(3),
    };

    /// <summary>
    /// In three dimensions the fourth change depends on three newer ones, and is forgotten; the first step, from where nothing has moved, has no
    /// change at all.
    /// </summary>
    public static MatrixTheoryData<string, int, DType> Cases =>
        new([.. Methods.Keys], [3, 43], [DType.Float64, DType.Float32]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loop_agrees_with_its_function(string name, int n, DType dtype)
    {
        EquationMethod method = Methods[name];
        Equation equation = Linear(n, dtype);
        double tolerance = dtype == DType.Float32 ? 2e-3 : 1e-8;
        var z = Tensor.Zeros([n], dtype);
        Tensor residual = equation.Residual(z);
        Tensor[] memory = method.Init(equation, z, residual);
        for (int step = 0; step < 7; step++)
        {
            (Tensor next, Tensor[] then) = method.Step(equation, z, residual, memory);
            Tensor tuple = next.Inputs[0];
            var fused = (FusedOp)tuple.Op;
            Tensor[] meant = fused.Meaning.Apply(tuple.Inputs.ToArray());
            Tensor[] found = fused.Results(tuple);
            Tensor settled = Settled(next);
            for (int i = 0; i < meant.Length; i++)
                Close.Normwise(meant[i].ToArray(), found[i].ToArray(), tolerance);
            (memory, z) = ([.. then.Select(Settled)], settled);
            residual = Settled(equation.Residual(z));
        }
    }

    [Theory]
    [InlineData(DType.Float64, 1e-14)]
    [InlineData(DType.Float32, 1e-6)]
    public void A_measure_agrees_with_its_function(DType dtype, double tolerance)
    {
        Equation equation = Linear(43, dtype);
        foreach (Tensor z in new[] { Tensor.Zeros([43], dtype), Tensor.Cos(Tensor.Cast(Tensor.Arange(43), dtype)) })
        {
            Tensor measure = FixedPointMeasure.Of(z, equation.Residual(z), new EquationTolerance(0.1, 0.01, true));
            Tensor tuple = measure.Inputs[0];
            Tensor meant = ((FusedOp)tuple.Op).Meaning.Apply(tuple.Inputs.ToArray())[0];
            Close.Elementwise(meant.ToArray(), measure.ToArray(), tolerance);
        }
    }

    /// <summary>A z + 1 − z, of eigenvalues that differ.</summary>
    private static Equation Linear(int n, DType dtype) =>
        new(
            Function.TraceClosed(
                "linear",
                [new TensorType(dtype, [n])],
                all => [(0.9 * Tensor.Cos(Tensor.Cast(Tensor.Arange(n), dtype)) * all[0]) + 1.0 - all[0]]
            ),
            []
        );

    private static Tensor Settled(Tensor value) => Tensor.Of(value.ToArray(), value.Shape, value.DType);
}

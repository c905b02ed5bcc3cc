using Implicit.Transforms;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>The methods and derivatives that laws run over, and the deep equilibrium layer of the reference cases.</summary>
internal static class EquationCases
{
    public static readonly Dictionary<string, EquationMethod> Methods = new()
    {
        ["picard"] = new Picard(),
        ["picard, damped"] = new Picard(0.7),
        ["anderson"] = new Anderson(),
        ["anderson, period 1"] = new Anderson(Period: 1),
        ["anderson, period 3"] = new Anderson(Period: 3),
        ["anderson, period 6"] = new Anderson(8, Period: 6),
        ["anderson 1, damped"] = new Anderson(1, 0.8),
        ["broyden"] = new Broyden(),
        ["broyden 2"] = new Broyden(2),
        ["newton"] = new Newton(),
        ["newton, gmres"] = new Newton(new LinearSolver.Gmres()),
    };

    /// <summary>Every way to differentiate, with parameters at which it is exact to rounding for a contraction by 0.6.</summary>
    public static readonly Dictionary<string, ImplicitDerivative> Derivatives = new()
    {
        ["exact"] = new ImplicitDerivative.Exact(),
        ["exact, gmres"] = new ImplicitDerivative.Exact(new LinearSolver.Gmres(2)),
        ["exact, bicgstab"] = new ImplicitDerivative.Exact(new LinearSolver.BiCgStab()),
        ["neumann"] = new ImplicitDerivative.Neumann(60),
        ["phantom"] = new ImplicitDerivative.Phantom(90, 0.8),
        ["unrolled"] = new ImplicitDerivative.Unrolled(),
    };

    /// <summary>W [3, 3] of the reference cases' layer z = tanh(W·z + b), case 29.</summary>
    public static readonly double[] Weights = [0.4, -0.3, 0.1, 0.2, 0.3, -0.5, -0.1, 0.4, 0.2];

    /// <summary>b [3] of the reference cases' layer.</summary>
    public static readonly double[] Bias = [0.5, -0.2, 0.1];

    /// <summary>tanh(W·z + b).</summary>
    public static Tensor Layer(Tensor weights, Tensor bias, Tensor z) => Tensor.Tanh(Tensor.MatMul(weights, z) + bias);

    /// <summary>The fixed point of the layer.</summary>
    public static Tensor Equilibrium(Tensor weights, Tensor bias, EquationOptions options) =>
        FixedPoint.Find(z => Layer(weights, bias, z), Tensor.Zeros([3], bias.DType), options);

    public static Tensor Matrix(double[] elements)
    {
        int n = (int)Math.Sqrt(elements.Length);
        return Tensor.Of(elements, [n, n]);
    }

    /// <summary>∂f/∂p of a function of one number, and the second derivative.</summary>
    public static (double First, double Second) Derivatives2(Func<Tensor, Tensor> f, double at)
    {
        Tensor First(Tensor p) => Differentiation.Grad(f, p);
        return (First(Tensor.Scalar(at)).ToDouble(), Differentiation.Grad(First, Tensor.Scalar(at)).ToDouble());
    }
}

using Implicit.Graph;
using Implicit.Ops;
using Implicit.Runtime;
using Implicit.Solvers.Minimise;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.LeastSquares;

/// <summary>The minimisation of the sum of squares of traced residuals.</summary>
/// <param name="Residuals">(x [n], captures) → r [m].</param>
/// <param name="Steps">The method.</param>
/// <param name="Tolerance">What is allowed for the largest |Jⱼᵀr|/‖Jⱼ‖.</param>
/// <param name="MaxSteps">The most steps.</param>
internal sealed record LeastSquaresProblem(
    Function Residuals,
    LeastSquaresMethod Steps,
    DescentTolerance Tolerance,
    int MaxSteps
) : DescentProblem("leastSquares", MaxSteps)
{
    private static readonly BoundedCache<Function, Function> Gradients = new(Pulled);

    public override Function Gradient => Gradients[Residuals];

    /// <summary>A sum of squares has no cancellation.</summary>
    public override bool Cancels => false;

    private TensorType Unknowns => Residuals.Arguments[0].Type;

    public override IDescent Method(Func<Buffer[]> captures) =>
        Steps.Start(new StepSolves(Unknowns.DType, Residuals.Results[0].Length, Unknowns.Shape.Length));

    protected override Iteration Trace()
    {
        Function jacobian = Residuals.JacobianOfFirst();
        return Iteration.Of(
            Name,
            Unknowns,
            Residuals.ArgumentTypes[1..],
            At,
            (state, captures) => At(state.X, captures),
            Done
        );

        State At(Tensor x, Tensor[] captures)
        {
            Tensor r = Residuals.Apply([x, .. captures])[0];
            Tensor j = jacobian.Apply([x, .. captures])[0];
            return new State(x, 0.5 * Tensor.Sumsq(r), Tensor.MatMul(r, j), r, j);
        }
    }

    /// <summary>(x, captures) → Jᵀr, without the Jacobian.</summary>
    private static Function Pulled(Function residuals) =>
        Function.TraceClosed(
            "leastSquares",
            residuals.ArgumentTypes,
            all =>
            {
                Tensor r = residuals.Apply(all)[0];
                return Differentiation.Pull([all[0]], [r], [r]);
            }
        );

    /// <summary>What a change of one unknown could still take off the residuals. What rounding of x does to them cannot be taken off.</summary>
    private Tensor Done(State state)
    {
        Tensor norms = ColumnNorms(state.Jacobian);
        // The gradient itself may be too small, or too large, to be a number.
        Tensor parts = Tensor.MatMul(
            state.Residuals,
            state.Jacobian / Tensor.Where(Tensor.Equal(norms, 0.0), 1.0, norms)
        );
        Tensor rounding = Matrices.Rounding(Unknowns.DType) * Tensor.Dot(norms, Tensor.Abs(state.X));
        return Tensor.Stack([Tensor.MaxNorm(parts), Tolerance.At(WideNorm.Of(state.Residuals)) + rounding]);
    }

    /// <summary>Norms of columns whose squares may leave the range of their type.</summary>
    private static Tensor ColumnNorms(Tensor jacobian)
    {
        Tensor largest = Tensor.MaxNorm(jacobian);
        Tensor unit = Tensor.Where(Tensor.Greater(largest, 0.0), largest, 1.0);
        Tensor wide = Tensor.Cast(jacobian / unit, DType.Float64);
        return unit * Tensor.Cast(Tensor.Norm(wide, 0), jacobian.DType);
    }

    /// <summary>A point with ½‖r‖², its gradient Jᵀr, the residuals [m] and their Jacobian [m, n].</summary>
    private sealed record State(Tensor X, Tensor Value, Tensor Gradient, Tensor Residuals, Tensor Jacobian);
}

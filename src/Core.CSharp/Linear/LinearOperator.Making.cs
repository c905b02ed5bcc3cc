using Implicit.Graph;
using Implicit.Linear;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit;

public abstract partial class LinearOperator
{
    /// <summary>The operator of a matrix.</summary>
    /// <param name="matrix">[m, n].</param>
    /// <param name="properties">What is known of it.</param>
    /// <exception cref="TensorException">It is no floating-point matrix, or is not square although a property says so.</exception>
    public static LinearOperator Dense(Tensor matrix, OperatorProperties properties = OperatorProperties.None)
    {
        RequireOneMatrix(matrix.Type);
        return new DenseOperator(matrix, properties);
    }

    /// <summary>x ↦ d·x, element by element.</summary>
    /// <param name="d">The diagonal, of any shape.</param>
    /// <exception cref="TensorException">It is not floating-point.</exception>
    public static LinearOperator Diagonal(Tensor d) => new DiagonalOperator(d, OperatorProperties.Diagonal);

    /// <summary>x ↦ x.</summary>
    /// <param name="like">A tensor of the argument's type.</param>
    /// <exception cref="TensorException">It is not floating-point.</exception>
    public static LinearOperator Identity(Tensor like) =>
        new DiagonalOperator(Tensor.OnesLike(like), OperatorProperties.Diagonal | OperatorProperties.PositiveDefinite);

    /// <summary>The operator of a triangle of a matrix, whose other triangle counts as zero.</summary>
    /// <param name="matrix">[n, n].</param>
    /// <param name="lower">Whether the lower triangle counts; otherwise the upper one.</param>
    /// <exception cref="TensorException">It is no square floating-point matrix.</exception>
    public static LinearOperator Triangular(Tensor matrix, bool lower = true)
    {
        RequireOneMatrix(matrix.Type);
        Matrices.RequireSquare("linearOperator", matrix.Type);
        return new TriangularOperator(matrix, lower);
    }

    /// <summary>A linear function of tensors. Its transpose is found by differentiation.</summary>
    /// <param name="function">x ↦ A·x.</param>
    /// <param name="like">A tensor of the argument's type.</param>
    /// <param name="properties">What is known of it.</param>
    /// <exception cref="TensorException">The types do not fit.</exception>
    public static LinearOperator Of(
        Func<Tensor, Tensor> function,
        Tensor like,
        OperatorProperties properties = OperatorProperties.None
    ) => new FunctionOperator(function, null, like.Type, ResultType(function, like.Type), properties);

    /// <summary>A function that is linear by construction, which need not be checked.</summary>
    /// <param name="function">x ↦ A·x.</param>
    /// <param name="like">A tensor of the argument's type.</param>
    /// <param name="title">What systems with it are of, for the messages of failures.</param>
    internal static LinearOperator OfLinear(Func<Tensor, Tensor> function, Tensor like, string title = "linearSolve") =>
        new FunctionOperator(function, null, like.Type, like.Type, OperatorProperties.None)
        {
            IsLinear = true,
            Title = title,
        };

    /// <summary>A linear function of tensors with its transpose.</summary>
    /// <param name="function">x ↦ A·x.</param>
    /// <param name="transpose">w ↦ Aᵀ·w.</param>
    /// <param name="like">A tensor of the argument's type.</param>
    /// <param name="properties">What is known of it.</param>
    /// <exception cref="TensorException">The types do not fit.</exception>
    public static LinearOperator Of(
        Func<Tensor, Tensor> function,
        Func<Tensor, Tensor> transpose,
        Tensor like,
        OperatorProperties properties = OperatorProperties.None
    )
    {
        TensorType output = ResultType(function, like.Type);
        TensorType back = ResultType(transpose, output);
        Throw.Unless(
            back == like.Type,
            "linearOperator",
            $"the transpose must return the type of the argument, {like.Type}",
            $"{back}"
        );
        return new FunctionOperator(function, transpose, like.Type, output, properties);
    }

    /// <summary>∂f/∂x at a point: forward mode, and reverse mode for its transpose; never a matrix unless one is asked for.</summary>
    /// <param name="f">Any differentiable function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="properties">What is known of the Jacobian.</param>
    /// <exception cref="TensorException">The element types do not fit.</exception>
    public static LinearOperator Jacobian(
        Func<Tensor, Tensor> f,
        Tensor x,
        OperatorProperties properties = OperatorProperties.None
    ) =>
        new FunctionOperator(
            v => Differentiation.Jvp(f, x, v).Tangent,
            w => Differentiation.Vjp(f, x).Pullback(w),
            x.Type,
            ResultType(f, x.Type),
            properties
        )
        {
            IsLinear = true,
        };

    /// <summary>The sum of two operators.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">One between the same types.</param>
    /// <exception cref="TensorException">The types differ.</exception>
    public static LinearOperator operator +(LinearOperator left, LinearOperator right) => new SumOperator(left, right);

    /// <summary>The difference of two operators.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">One between the same types.</param>
    /// <exception cref="TensorException">The types differ.</exception>
    public static LinearOperator operator -(LinearOperator left, LinearOperator right) => left + -right;

    /// <summary>The negative of an operator.</summary>
    /// <param name="a">The operator.</param>
    public static LinearOperator operator -(LinearOperator a) => -1.0 * a;

    /// <summary>The product of two operators: the right one is applied first.</summary>
    /// <param name="left">Applied second.</param>
    /// <param name="right">Applied first.</param>
    /// <exception cref="TensorException">The result of the right one is not an argument of the left one.</exception>
    public static LinearOperator operator *(LinearOperator left, LinearOperator right) =>
        new ProductOperator(left, right);

    /// <summary>A multiple of an operator.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="a">The operator.</param>
    public static LinearOperator operator *(double factor, LinearOperator a) =>
        new ScaledOperator(Tensor.Scalar(factor, a.Input.DType), a, factor > 0.0);

    /// <summary>A multiple of an operator, which can be differentiated by the factor.</summary>
    /// <param name="factor">A scalar.</param>
    /// <param name="a">The operator.</param>
    /// <exception cref="TensorException">The factor is not a scalar of the operator's element type.</exception>
    public static LinearOperator operator *(Tensor factor, LinearOperator a)
    {
        Throw.Unless(
            factor.Length == 1 && factor.DType == a.Input.DType,
            "linearOperator",
            $"the factor must be a scalar of the operator's element type, {a.Input.DType.Name}",
            $"{factor.Type}"
        );
        return new ScaledOperator(Tensor.Reshape(factor, []), a, isPositive: false);
    }

    private static void RequireOneMatrix(TensorType type) =>
        Throw.Unless(
            type.Shape.Rank == 2 && type.DType.IsFloat,
            "linearOperator",
            "the operand must be a floating-point matrix (for a batch of systems use vmap)",
            $"{type}"
        );

    private static TensorType ResultType(Func<Tensor, Tensor> function, TensorType argument)
    {
        using Trace trace = Trace.Abstract("linearOperator");
        Tensor? image = function(Tensor.Parameter(argument, trace));
        Throw.IfMissing(image, "linearOperator", "what the function returns");
        TensorType result = image.Type;
        Throw.Unless(
            result.DType == argument.DType,
            "linearOperator",
            "the function must keep the element type",
            $"one from {argument} to {result}"
        );
        return result;
    }
}

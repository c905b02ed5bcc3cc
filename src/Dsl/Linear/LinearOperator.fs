namespace Implicit

open System

type private CoreOperator = Implicit.LinearOperator

/// <summary>
/// Linear maps of tensors as values, with what is known of them. `+`, `-` and `*` make sums, products and multiples; `.T` is the transpose;
/// everything is differentiable by the tensors that an operator is made of.
/// </summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LinearOperator =
    /// The operator of a matrix [m, n].
    let dense (matrix: Tensor) : LinearOperator = CoreOperator.Dense matrix

    /// The operator of a symmetric matrix [n, n].
    let symmetric (matrix: Tensor) : LinearOperator = CoreOperator.Dense(matrix, OperatorProperties.Symmetric)

    /// The operator of a symmetric positive definite matrix [n, n].
    let positiveDefinite (matrix: Tensor) : LinearOperator =
        CoreOperator.Dense(matrix, OperatorProperties.PositiveDefinite)

    /// x ↦ d * x, element by element, for a d of any shape.
    let diagonal (d: Tensor) : LinearOperator = CoreOperator.Diagonal d

    /// x ↦ x, for an x of the type of a tensor.
    let identity (like: Tensor) : LinearOperator = CoreOperator.Identity like

    /// The operator of the lower triangle of a matrix [n, n].
    let lower (matrix: Tensor) : LinearOperator = CoreOperator.Triangular matrix

    /// The operator of the upper triangle of a matrix [n, n].
    let upper (matrix: Tensor) : LinearOperator = CoreOperator.Triangular(matrix, lower = false)

    /// <summary>A linear function as an operator; its transpose is found by differentiation.</summary>
    /// <param name="f">x ↦ A·x.</param>
    /// <param name="like">A tensor of the type of x.</param>
    /// <exception cref="T:Implicit.TensorException">The function changes the element type.</exception>
    let ofFunction (f: Tensor -> Tensor) (like: Tensor) : LinearOperator = CoreOperator.Of(Func<_, _> f, like)

    /// <summary>A linear function as an operator, with what is known of it.</summary>
    /// <param name="properties">Such as <c>OperatorProperties.PositiveDefinite</c>; flags combine with <c>|||</c>.</param>
    /// <param name="f">x ↦ A·x.</param>
    /// <param name="like">A tensor of the type of x.</param>
    /// <exception cref="T:Implicit.TensorException">The function changes the type although a property says that it does not.</exception>
    let ofFunctionThatIs (properties: OperatorProperties) (f: Tensor -> Tensor) (like: Tensor) : LinearOperator =
        CoreOperator.Of(Func<_, _> f, like, properties)

    /// <summary>A linear function with its transpose as an operator.</summary>
    /// <param name="f">x ↦ A·x.</param>
    /// <param name="transpose">w ↦ Aᵀ·w.</param>
    /// <param name="like">A tensor of the type of x.</param>
    /// <exception cref="T:Implicit.TensorException">The types do not fit.</exception>
    let ofFunctions (f: Tensor -> Tensor) (transpose: Tensor -> Tensor) (like: Tensor) : LinearOperator =
        CoreOperator.Of(Func<_, _> f, Func<_, _> transpose, like)

    /// <summary>∂f/∂x at a point, without its matrix: forward mode, and reverse mode for the transpose.</summary>
    /// <param name="f">Any differentiable function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:Implicit.TensorException">The element types do not fit.</exception>
    let jacobian (f: Tensor -> Tensor) (x: Tensor) : LinearOperator = CoreOperator.Jacobian(Func<_, _> f, x)

    /// A·x; for operators on vectors also of several as columns.
    let apply (a: LinearOperator) (x: Tensor) : Tensor = a.Apply x

    /// The transposed operator.
    let transpose (a: LinearOperator) : LinearOperator = a.T

    /// The matrix [m, n] of an operator, between elements in row-major order.
    let toMatrix (a: LinearOperator) : Tensor = a.ToMatrix()

    /// <summary>The inverse as an operator: a direct method factorises once, a Krylov method solves at each product.</summary>
    /// <param name="solver">The method.</param>
    /// <param name="a">The operator.</param>
    /// <exception cref="T:Implicit.SolveException">When a value is computed: A is singular, or a Krylov method fails.</exception>
    let inverse (solver: LinearSolver) (a: LinearOperator) : LinearOperator = a.Inverse solver

    /// <summary>The operator itself, once its claims were tried on random vectors.</summary>
    /// <param name="a">The operator.</param>
    /// <exception cref="T:Implicit.TensorException">It is not linear, its transpose is another's, or a property does not hold.</exception>
    let verify (a: LinearOperator) : LinearOperator = a.Verify()

using Implicit.Graph;
using Implicit.Linear;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit;

/// <summary>
/// A linear map of tensors as a value, with what is known of it. It is made of tensors, by which all that is computed with it can be
/// differentiated; sums, products, multiples, transposes and inverses of operators are operators.
/// </summary>
/// <remarks>
/// Properties are claims: they decide how <see cref="LinearSolver.Direct"/> factorises. A solution that shows one to be wrong is a failure
/// (<see cref="LinearStatus.NotAsClaimed"/>), but what is applied by <see cref="Inverse"/> is trusted. <see cref="Verify"/> and
/// <see cref="LinearSolver.ChecksOperator"/> put claims to the test, and name the wrong one.
/// </remarks>
public abstract partial class LinearOperator
{
    private protected LinearOperator(TensorType input, TensorType output, OperatorProperties properties)
    {
        Throw.Unless(input.DType.IsFloat, "linearOperator", "the element type must be floating-point", $"{input}");
        Throw.Unless(
            input == output || properties == OperatorProperties.None,
            "linearOperator",
            "only an operator whose argument and result have one type may be symmetric or triangular",
            $"one from {input} to {output}, {properties}"
        );
        Input = input;
        Output = output;
        Properties = properties;
    }

    /// <summary>What is known of the operator.</summary>
    public OperatorProperties Properties { get; }

    /// <summary>The shape of the argument.</summary>
    public Shape InputShape => Input.Shape;

    /// <summary>The shape of the result.</summary>
    public Shape OutputShape => Output.Shape;

    /// <summary>The transposed operator.</summary>
    public virtual LinearOperator T => new TransposedOperator(this) { Title = Title };

    internal TensorType Input { get; }

    internal TensorType Output { get; }

    /// <summary>What systems with the operator are of, for the messages of failures.</summary>
    internal string Title { get; init; } = "linearSolve";

    internal bool IsSquare => Input.Shape.Length == Output.Shape.Length;

    /// <summary>Whether the transpose is stated rather than found by differentiation.</summary>
    internal virtual bool StatesTranspose => false;

    /// <summary>Whether it comes from a function that may add something to its linear part.</summary>
    internal virtual bool MayBeAffine => false;

    /// <summary>A·x.</summary>
    /// <param name="x">Of the argument's shape; for a vector argument [n] also [n, k], k arguments as columns.</param>
    /// <returns>Of the result's shape; [m, k] for columns.</returns>
    /// <exception cref="TensorException">x has another type.</exception>
    public Tensor Apply(Tensor x)
    {
        if (x.Type == Input)
            return Product(x);
        Throw.Unless(
            AreColumns(x.Type, Input),
            "linearOperator",
            $"the argument must be {Input}{(Input.Shape.Rank == 1 ? ", or have several of them as columns" : "")}",
            $"{x.Type}"
        );
        return ProductOfColumns(x);
    }

    /// <summary>The matrix of the operator between the elements of its argument and of its result, in row-major order.</summary>
    /// <returns>[m, n].</returns>
    public Tensor ToMatrix() => Matrix();

    /// <summary>
    /// The inverse as an operator. A direct method factorises once, however often the inverse or its transpose is then applied or
    /// differentiated; a Krylov method solves each time.
    /// </summary>
    /// <param name="solver">The method; <see cref="LinearSolver.Direct"/> if null.</param>
    /// <returns>A⁻¹; for operators that are not square, or by a least squares method, A⁺.</returns>
    /// <exception cref="SolveException">When a value is computed: A is singular, or a Krylov method fails.</exception>
    public LinearOperator Inverse(LinearSolver? solver = null) =>
        (solver ?? new LinearSolver.Direct()) switch
        {
            LinearSolver.Krylov krylov => new SolvingOperator(this, krylov),
            LinearSolver.Pseudoinverse => Factors.Pseudoinverse(this),
            _ => Factorise(),
        };

    /// <summary>Checks on random vectors, now, that the operator is what it claims to be.</summary>
    /// <param name="probes">The number of checks of each claim.</param>
    /// <returns>The operator itself.</returns>
    /// <exception cref="TensorException">It is not linear, its transpose is another's, or a property does not hold.</exception>
    public LinearOperator Verify(int probes = 3)
    {
        Reading.Force(OperatorCheck.Guard(this, Tensor.Zeros([1], Input.DType), probes));
        return this;
    }

    /// <summary>A·x for an x of the argument's type.</summary>
    internal abstract Tensor Product(Tensor x);

    /// <summary>Aᵀ·w for a w of the result's type.</summary>
    internal abstract Tensor TransposedProduct(Tensor w);

    internal virtual Tensor ProductOfColumns(Tensor x) => Vectorisation.Vmap(Product, x.T).T;

    internal virtual Tensor Matrix()
    {
        int n = Input.Shape.Length;
        Tensor basis = Tensor.Reshape(Tensor.Eye(n, dtype: Input.DType), Input.Shape.Prepend(n));
        return Tensor.Reshape(Vectorisation.Vmap(Product, basis), [n, Output.Shape.Length]).T;
    }

    /// <summary>The inverse by factors that suit the structure.</summary>
    internal virtual LinearOperator Factorise() => Factors.Of(this);

    internal bool Is(OperatorProperties properties) => (Properties & properties) == properties;

    internal static bool AreColumns(TensorType type, TensorType vector) =>
        vector.Shape.Rank == 1
        && type.DType == vector.DType
        && type.Shape.Rank == 2
        && type.Shape[0] == vector.Shape[0];

    /// <summary>Vectors of a system in columns: one for each right-hand side.</summary>
    internal Tensor Columns(Tensor all, Tensor right) =>
        right.Type == Output ? Tensor.Reshape(all, [all.Length, 1]) : all;
}

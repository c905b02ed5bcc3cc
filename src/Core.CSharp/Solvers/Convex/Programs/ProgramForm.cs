using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>
/// A program as it was traced. Two are equal when their structure is: what is read off one serves the other.
/// </summary>
/// <param name="Variable">The variable.</param>
/// <param name="Function">(tensors of the variable, captures) → (objective, then the two sides of each comparison).</param>
/// <param name="Comparisons">The comparisons, in the order in which the constraints were given.</param>
internal sealed record ProgramForm(ProgramVariable Variable, Function Function, ValueArray<BinaryIntrinsic> Comparisons)
{
    public static ProgramForm Of<T>(ConvexProgram<T> program, T x0, out Tensor[] captures)
    {
        ProgramVariable variable = ProgramVariable.Of(x0);
        var comparisons = new List<BinaryIntrinsic>();
        Function function = Function.Trace(ProgramReader.Title, variable.Types, Body, out captures);
        return new ProgramForm(variable, function, [.. comparisons]);

        Tensor[] Body(Tensor[] leaves)
        {
            T x = Tree.With(x0, leaves);
            Tensor objective = Given(program.Objective(x), "the objective");
            var results = new List<Tensor> { Objective(objective, variable.DType) };
            foreach (Func<T, IReadOnlyList<Tensor>> constraints in program.Constraints)
            foreach (Tensor? constraint in Given(constraints(x), "a list of constraints"))
            {
                comparisons.Add(Comparison(Given(constraint, "a constraint"), comparisons.Count));
                results.AddRange(constraint.InputArray);
            }
            return [.. results];
        }
    }

    /// <summary>The left side of a constraint.</summary>
    public Tensor Left(int constraint) => Function.Results[1 + (2 * constraint)];

    /// <summary>The right side of a constraint.</summary>
    public Tensor Right(int constraint) => Function.Results[2 + (2 * constraint)];

    /// <summary>The shape of a constraint.</summary>
    public Shape ShapeOf(int constraint) =>
        Broadcasting.Join(ProgramReader.Title, Left(constraint).Shape, Right(constraint).Shape);

    private static TPart Given<TPart>(TPart? part, string name)
        where TPart : class
    {
        Throw.IfMissing(part, ProgramReader.Title, name);
        return part;
    }

    private static Tensor Objective(Tensor objective, DType dtype)
    {
        objective = objective.As(new TensorType(dtype, Shape.Scalar));
        Throw.Unless(
            objective.Length == 1 && objective.DType == dtype,
            ProgramReader.Title,
            $"the objective must be a scalar of the variable's element type, {dtype.Name}",
            $"{objective.Type}"
        );
        return Tensor.Reshape(objective, Shape.Scalar);
    }

    private static BinaryIntrinsic Comparison(Tensor constraint, int number)
    {
        if (
            constraint.Op
                is ComparisonOp
                {
                    Intrinsic: BinaryIntrinsic.Equal or BinaryIntrinsic.LessOrEqual or BinaryIntrinsic.GreaterOrEqual
                } comparison
            && constraint.Inputs.Length == 2
            && constraint.Inputs[0].DType.IsFloat
        )
            return comparison.Intrinsic;
        return Throw.Error<BinaryIntrinsic>(
            ProgramReader.Title,
            $"constraint {number + 1} must compare what is affine in the variable by Equal, <= or >= (in F# .==, .<= or .>=)",
            $"{constraint.Op.Name}, which gives {constraint.Type}"
        );
    }
}

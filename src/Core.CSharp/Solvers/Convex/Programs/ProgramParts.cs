using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>The parts of a program as functions of the vector x of all elements of its variable, and of the captures.</summary>
internal sealed class ProgramParts(ProgramForm form, ConstraintPlace[] places)
{
    private ProgramVariable Variable => form.Variable;

    /// <summary>The types of the captures.</summary>
    public TensorType[] CaptureTypes => form.Function.ArgumentTypes[form.Function.ParameterCount..];

    /// <summary>Whether the objective is more than linear.</summary>
    public bool IsQuadratic
    {
        get
        {
            Function objective = Objective;
            int[] arguments = new int[objective.Arguments.Length];
            arguments[0] = 1;
            return Degrees.Highest(objective, arguments) > 1;
        }
    }

    /// <summary>(x, captures) → the objective.</summary>
    public Function Objective => Close(results => results[0]);

    /// <summary>(x, captures) → the residuals of all constraints of a kind, which are to be 0 or at most 0; null if there are none.</summary>
    public Function? Residual(ConstraintKind kind)
    {
        int[] all = [.. Enumerable.Range(0, places.Length).Where(i => places[i].Kind == kind)];
        return all.Length == 0 ? null : Close(results => Tensor.Concat([.. all.Select(i => Residual(i, results))], 0));
    }

    /// <summary>Captures → the bounds [n], infinite where there are none; null if no element has one.</summary>
    public Function? Bound(ConstraintKind kind)
    {
        if (!Array.Exists(places, place => place.Kind == kind))
            return null;
        double none = kind == ConstraintKind.LowerBound ? double.NegativeInfinity : double.PositiveInfinity;
        return Function.TraceClosed(
            ProgramReader.Title,
            CaptureTypes,
            captures =>
            {
                Tensor[] results = Apply(Tensor.Zeros([Variable.Length], Variable.DType), captures);
                var parts = new List<Tensor>();
                for (int tensor = 0; tensor < Variable.Shapes.Count; tensor++)
                    parts.Add(
                        BoundOf(kind, tensor, results)
                            ?? Tensor.Full([Variable.Shapes[tensor].Length], none, Variable.DType)
                    );
                return [Tensor.Concat(parts, 0)];
            }
        );
    }

    /// <summary>A constraint as what must be 0 or at most 0, as a vector.</summary>
    private Tensor Residual(int constraint, Tensor[] results)
    {
        (Tensor left, Tensor right) = Sides(constraint, results);
        Tensor residual = form.Comparisons[constraint] == BinaryIntrinsic.GreaterOrEqual ? right - left : left - right;
        return Flat(residual, places[constraint].Shape);
    }

    private Tensor? BoundOf(ConstraintKind kind, int tensor, Tensor[] results)
    {
        int start = Variable.StartOf(tensor);
        int constraint = Array.FindIndex(
            places,
            place => place.Kind == kind && place.Start == start && place.Shape == Variable.Shapes[tensor]
        );
        if (constraint < 0)
            return null;
        (Tensor left, Tensor right) = Sides(constraint, results);
        bool isLeft =
            form.Comparisons[constraint] == BinaryIntrinsic.GreaterOrEqual == (kind == ConstraintKind.LowerBound);
        return Flat(isLeft ? right : left, Variable.Shapes[tensor]);
    }

    private static (Tensor Left, Tensor Right) Sides(int constraint, Tensor[] results) =>
        (results[1 + (2 * constraint)], results[2 + (2 * constraint)]);

    private static Tensor Flat(Tensor x, Shape shape) => Tensor.Reshape(Tensor.Expand(x, shape), [shape.Length]);

    private Function Close(Func<Tensor[], Tensor> part) =>
        Function.TraceClosed(
            ProgramReader.Title,
            [new TensorType(Variable.DType, [Variable.Length]), .. CaptureTypes],
            all => [part(Apply(all[0], all[1..]))]
        );

    private Tensor[] Apply(Tensor x, Tensor[] captures) => form.Function.Apply([.. Variable.Split(x), .. captures]);
}

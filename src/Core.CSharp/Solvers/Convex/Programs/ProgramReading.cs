using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>
/// How the data of a quadratic program come from what the program captures. The objective is r + q'x + ½x'Px and a constraint affine for every x, so
/// value and derivatives at x = 0 are all there is to know: r, q = ∇f and P = ∇²f; of a residual a(x) = A·x − b, −b = a(0) and A = ∂a.
/// </summary>
internal sealed class ProgramReading
{
    /// <summary>The place of r, behind the data of the program.</summary>
    private const int Constant = QpForm.Data;

    private const int Count = QpForm.Data + 1;

    private readonly bool[] present;

    /// <summary>Captures → those data that depend on them.</summary>
    private readonly Function moving;

    /// <summary>The other data, computed once; null where a datum moves or is absent.</summary>
    private readonly Tensor?[] still;

    private ProgramReading(bool[] present, Function moving, Tensor?[] still, ConstraintPlace[] places) =>
        (this.present, this.moving, this.still, Places) = (present, moving, still, places);

    /// <summary>Where each constraint went, in the order in which they were given.</summary>
    public ConstraintPlace[] Places { get; }

    public static ProgramReading Of(ProgramForm form)
    {
        ConstraintPlace[] places = ConstraintPlace.Of(form);
        var parts = new ProgramParts(form, places);
        var all = new Function?[Count];
        Function objective = parts.Objective;
        all[Constant] = AtZero.Value(objective);
        all[QpForm.Linear] = AtZero.Value(AtZero.Gradient(objective));
        if (parts.IsQuadratic)
            all[QpForm.Quadratic] = AtZero.Matrix(AtZero.Gradient(objective));
        if (parts.Residual(ConstraintKind.Equality) is { } equality)
            (all[QpForm.EqualityMatrix], all[QpForm.EqualityRight]) = (AtZero.Matrix(equality), AtZero.Minus(equality));
        if (parts.Residual(ConstraintKind.Inequality) is { } inequality)
            (all[QpForm.InequalityMatrix], all[QpForm.InequalityRight]) = (
                AtZero.Matrix(inequality),
                AtZero.Minus(inequality)
            );
        (all[QpForm.Lower], all[QpForm.Upper]) = (
            parts.Bound(ConstraintKind.LowerBound),
            parts.Bound(ConstraintKind.UpperBound)
        );
        return Separate(parts.CaptureTypes, all, places);
    }

    /// <summary>The data for given captures, as expressions of them, and the objective's constant r.</summary>
    public (QuadraticProgram Program, Tensor Constant) Data(Tensor[] captures)
    {
        var data = (Tensor?[])still.Clone();
        var moved = new Queue<Tensor>(moving.Apply(captures));
        for (int i = 0; i < Count; i++)
            if (present[i] && data[i] is null)
                data[i] = moved.Dequeue();
        var program = new QuadraticProgram(data[QpForm.Linear]!)
        {
            P = data[QpForm.Quadratic],
            A = data[QpForm.EqualityMatrix],
            B = data[QpForm.EqualityRight],
            G = data[QpForm.InequalityMatrix],
            H = data[QpForm.InequalityRight],
            Lower = data[QpForm.Lower],
            Upper = data[QpForm.Upper],
        };
        return (program, data[Constant]!);
    }

    /// <summary>Computes now what does not depend on the captures.</summary>
    private static ProgramReading Separate(TensorType[] captures, Function?[] data, ConstraintPlace[] places)
    {
        var still = new Tensor?[Count];
        var moving = new List<Function>();
        for (int i = 0; i < Count; i++)
            if (data[i] is { } datum)
                if (Array.Exists(datum.UsedArguments, used => used))
                    moving.Add(datum);
                else
                    still[i] = datum.Apply(datum.Arguments)[0];
        Tensor[] known = [.. still.OfType<Tensor>()];
        Reading.Force(known);
        Function all = Function.TraceClosed(
            ProgramReader.Title,
            captures,
            arguments => [.. moving.SelectMany(datum => datum.Apply(arguments))]
        );
        return new ProgramReading([.. data.Select(datum => datum is not null)], all, still, places);
    }
}

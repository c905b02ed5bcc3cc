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
    private const int Constant = 0;
    private const int Linear = 1;
    private const int Quadratic = 2;
    private const int EqualityMatrix = 3;
    private const int EqualityRight = 4;
    private const int InequalityMatrix = 5;
    private const int InequalityRight = 6;
    private const int Lower = 7;
    private const int Upper = 8;
    private const int Count = 9;

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
        all[Linear] = AtZero.Value(AtZero.Gradient(objective));
        if (parts.IsQuadratic)
            all[Quadratic] = AtZero.Matrix(AtZero.Gradient(objective));
        if (parts.Residual(ConstraintKind.Equality) is { } equality)
            (all[EqualityMatrix], all[EqualityRight]) = (AtZero.Matrix(equality), AtZero.Minus(equality));
        if (parts.Residual(ConstraintKind.Inequality) is { } inequality)
            (all[InequalityMatrix], all[InequalityRight]) = (AtZero.Matrix(inequality), AtZero.Minus(inequality));
        (all[Lower], all[Upper]) = (parts.Bound(ConstraintKind.LowerBound), parts.Bound(ConstraintKind.UpperBound));
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
        var program = new QuadraticProgram(data[Linear]!)
        {
            P = data[Quadratic],
            A = data[EqualityMatrix],
            B = data[EqualityRight],
            G = data[InequalityMatrix],
            H = data[InequalityRight],
            Lower = data[Lower],
            Upper = data[Upper],
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

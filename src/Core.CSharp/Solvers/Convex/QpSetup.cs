using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit.Solvers.Convex;

/// <summary>A user's program, checked and brought to one batch axis.</summary>
/// <param name="Program">The data as given.</param>
/// <param name="Options">How to solve.</param>
/// <param name="Form">What the data look like.</param>
/// <param name="Batch">The batch axes.</param>
/// <param name="Inputs">The data that there are, [items, …] or shared.</param>
internal sealed record QpSetup(QuadraticProgram Program, QpOptions Options, QpForm Form, Shape Batch, Tensor[] Inputs)
{
    private static readonly string[] Names = ["q", "P", "A", "b", "G", "h", "lower", "upper"];

    public static QpSetup Of(QuadraticProgram program, QpOptions options)
    {
        Check(options);
        Throw.IfMissing(program, "qp", "the program");
        Throw.IfMissing(program.Q, "qp", "q");
        Tensor?[] data =
        [
            program.Q,
            program.P,
            program.A,
            program.B,
            program.G,
            program.H,
            program.Lower,
            program.Upper,
        ];
        Throw.Unless(program.Q.Rank >= 1, "qp", "q must be a vector, or a batch of them", $"{program.Q.Type}");
        Together("A and b", program.A, program.B);
        Together("G and h", program.G, program.H);
        var size = new QpSize(
            program.Q.Shape[-1],
            program.B?.Shape[-1] ?? 0,
            program.H?.Shape[-1] ?? 0,
            program.P is not null,
            program.Lower is not null,
            program.Upper is not null
        );
        Shape batch = Shape.Scalar;
        for (int datum = 0; datum < data.Length; datum++)
            if (data[datum] is { } tensor)
                batch = Broadcasting.Join("qp", batch, BatchOf(datum, tensor, size, program.Q.DType));
        bool[] shared = [.. data.Select((tensor, datum) => tensor?.Rank == ItemShape(datum, size).Rank)];
        var form = new QpForm(size, batch.Length, [.. data.Select(tensor => tensor is not null)], [.. shared]);
        Tensor[] inputs = [.. Enumerable.Range(0, data.Length).Where(form.Has).Select(Input)];
        return new QpSetup(program, options, form, batch, inputs);

        Tensor Input(int datum)
        {
            Shape item = ItemShape(datum, size);
            Tensor tensor = data[datum]!;
            return shared[datum]
                ? tensor
                : Tensor.Reshape(Tensor.Expand(tensor, batch.Concat(item)), item.Prepend(batch.Length));
        }
    }

    /// <param name="onFail">What is given for an item that is not solved.</param>
    public QpSolution Solve(OnFail onFail)
    {
        Tensor[] results = Tensor.ApplyMany(new QpOp(Form, Options, onFail), Inputs);
        for (int i = 0; i < results.Length - 1; i++)
            results[i] = Tensor.Reshape(results[i], Batch.Concat(results[i].Shape.Skip(1)));
        Reading.ForceUnlessTraced(results.AsSpan(0, 4));
        return new QpSolution(Program, Form.Size, Options, results);
    }

    private static Shape ItemShape(int datum, QpSize size) =>
        datum switch
        {
            QpForm.Quadratic => [size.N, size.N],
            QpForm.EqualityMatrix => [size.P, size.N],
            QpForm.EqualityRight => [size.P],
            QpForm.InequalityMatrix => [size.M, size.N],
            QpForm.InequalityRight => [size.M],
            _ => [size.N],
        };

    private static Shape BatchOf(int datum, Tensor tensor, QpSize size, DType dtype)
    {
        Shape item = ItemShape(datum, size);
        int batch = tensor.Rank - item.Rank;
        Throw.Unless(
            batch >= 0 && tensor.Shape.Skip(batch) == item,
            "qp",
            $"{Names[datum]} must be {item}, with batch axes in front if it has any",
            $"{tensor.Type}"
        );
        Throw.Unless(
            tensor.DType == dtype && dtype.IsFloat,
            "qp",
            "all data must be floating-point, of the element type of q (convert with cast)",
            $"{Names[datum]} of {tensor.Type} and q of {dtype.Name}"
        );
        return tensor.Shape.Take(batch);
    }

    private static void Together(string names, Tensor? matrix, Tensor? right)
    {
        Throw.Unless(
            matrix is null == right is null,
            "qp",
            $"{names} must come together",
            matrix is null ? "the right side alone" : "the matrix alone"
        );
        Throw.Unless(
            right is not { Rank: 0 },
            "qp",
            $"the right side of {names} must be a vector, or a batch of them",
            "a scalar"
        );
    }

    private static void Check(QpOptions options)
    {
        options.OnFail.Check("qp");
        Throw.Unless(
            options.AbsoluteTolerance > 0.0 && options.RelativeTolerance >= 0.0,
            "qp",
            "the absolute tolerance must be positive and the relative one not negative",
            $"{options.AbsoluteTolerance} and {options.RelativeTolerance}"
        );
        Throw.Unless(options.MaxSteps > 0, "qp", "the step budget must be positive", $"{options.MaxSteps}");
    }
}

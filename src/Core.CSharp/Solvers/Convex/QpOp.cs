using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The solutions of a batch of quadratic programs: data → (x [items, n], y [items, p], z [items, rows], report [items, 6], record).
/// </summary>
/// <remarks>
/// Derivatives are those of the optimality conditions with the active set fixed (B. Amos and J. Z. Kolter 2017, "OptNet", equations 6 to 8):
/// K·(ẋ, ẏ, ż) = −(Ṗx + q̇ + Ȧ'y + Ġ'z, Ȧx − ḃ, Ġx − ḣ), and by the symmetry of K, with K·(u, v, w) = (x̄, ȳ, z̄): q̄ = −u, b̄ = v, h̄ = w,
/// P̄ = −½(ux' + xu'), Ā = −(vx' + yu'), Ḡ = −(wx' + zu').
/// </remarks>
/// <param name="Form">What the data look like.</param>
/// <param name="Options">How to solve.</param>
/// <param name="OnFail">What is given for an item that is not solved.</param>
internal sealed record QpOp(QpForm Form, QpOptions Options, OnFail OnFail) : HostOp
{
    public override string Name => "qp";

    public override bool IsCostly => true;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs)
    {
        (QpSize size, int items) = (Form.Size, Form.Items);
        DType dtype = inputs[0].DType;
        return
        [
            new TensorType(dtype, [items, size.N]),
            new TensorType(dtype, [items, size.P]),
            new TensorType(dtype, [items, size.Rows]),
            new TensorType(DType.Float64, [items, QpResults.ReportLength]),
            TensorType.Opaque,
        ];
    }

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] results = Results(tuple);
        Tensor?[] moving = Form.Spread(tangents);
        Tensor? failed = Failed(results);
        KktPoint right = Counted(results, failed).Pushed(QpMatrices.Of(moving), Form.Size).Negated();
        Tensor x = moving[QpForm.Linear] is { } dq ? right.X - dq : right.X;
        Tensor y = moving[QpForm.EqualityRight] is { } db ? right.Y + db : right.Y;
        Tensor z = right.Z + RightOfRows(moving, right.Z);
        KktPoint solved = Solve(tuple, new(x, y, z), failed);
        return [solved.X, solved.Y, solved.Z, null, null];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Tensor[] results = Results(tuple);
        Tensor? failed = Failed(results);
        KktPoint point = Counted(results, failed);
        KktPoint adjoint = Solve(tuple, KktPoint.Of(Differentiation.OrZeros(cotangents[..3], results)), failed);
        int m = Form.Size.M;
        int upper = m + Form.Size.LowerRows;
        return Form.Gather(
            needed,
            datum =>
                datum switch
                {
                    QpForm.Linear => Share(datum, -adjoint.X),
                    QpForm.EqualityRight => Share(datum, adjoint.Y),
                    QpForm.InequalityRight => Share(datum, Tensor.Slice(adjoint.Z, 1, 0, m)),
                    QpForm.Lower => Share(datum, -Tensor.Slice(adjoint.Z, 1, m, upper)),
                    QpForm.Upper => Share(datum, Tensor.Slice(adjoint.Z, 1, upper)),
                    _ => adjoint.Pulled(point, datum, Form.IsShared(datum), Form.Size),
                }
        );
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        var merged = inputs.ToArray();
        bool[] shared = [.. Form.Shared];
        int next = 0;
        for (int datum = 0; datum < QpForm.Data; datum++)
        {
            if (!Form.Has(datum))
                continue;
            merged[next] = QpForm.Merge(inputs[next], batched[next], shared[datum], size, Form.Items);
            shared[datum] &= !batched[next];
            next++;
        }
        QpOp op = this with { Form = Form with { Items = size * Form.Items, Shared = [.. shared] } };
        Tensor[] results = Tensor.ApplyMany(op, merged);
        for (int i = 0; i < results.Length - 1; i++)
            results[i] = Tensor.Reshape(results[i], [size, Form.Items, results[i].Shape[1]]);
        return results;
    }

    // The solution comes as a whole; the record is made only if a derivative reads it.
    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new QpRun(this, wanted[^1]), [true, true, true, true, wanted[^1]]);

    /// <summary>Which items have no solution, if any may have none.</summary>
    private Tensor? Failed(Tensor[] results) => OnFail == OnFail.Nan ? StandIns.In(results[0]) : null;

    /// <summary>Solves with the system of a solve, of items that have a solution.</summary>
    private KktPoint Solve(Tensor tuple, KktPoint right, Tensor? failed)
    {
        right = Counted([right.X, right.Y, right.Z], failed);
        return Counted(KktOp.Solve(this, tuple, Results(tuple)[^1], right), failed);
    }

    /// <summary>Nothing in place of what belongs to items that have no solution: so are their derivatives.</summary>
    private static KktPoint Counted(ReadOnlySpan<Tensor> parts, Tensor? failed)
    {
        var point = KktPoint.Of(parts);
        return failed is null ? point : new(Part(point.X), Part(point.Y), Part(point.Z));

        Tensor Part(Tensor part) => StandIns.Without(failed, part);
    }

    /// <summary>A shared datum's cotangent is the sum of the items'.</summary>
    private Tensor Share(int datum, Tensor items) => Form.IsShared(datum) ? Tensor.Sum(items, 0) : items;

    /// <summary>How the right sides of the cone's rows move: ḣ, −l̇ower, u̇pper.</summary>
    private Tensor RightOfRows(Tensor?[] moving, Tensor like)
    {
        (int items, int n) = (Form.Items, Form.Size.N);
        var parts = new List<Tensor>();
        Add(QpForm.InequalityRight, Form.Size.M, isNegative: false);
        Add(QpForm.Lower, Form.Size.LowerRows, isNegative: true);
        Add(QpForm.Upper, Form.Size.UpperRows, isNegative: false);
        return parts.Count == 0 ? Tensor.ZerosLike(like) : Tensor.Concat(parts, 1);

        void Add(int datum, int rows, bool isNegative)
        {
            if (rows == 0)
                return;
            Tensor? part = moving[datum];
            if (part is { Rank: 1 })
                part = Tensor.Expand(part, [items, rows]);
            parts.Add(
                part is null ? Tensor.Zeros([items, rows], like.DType)
                : isNegative ? -part
                : part
            );
        }
    }
}

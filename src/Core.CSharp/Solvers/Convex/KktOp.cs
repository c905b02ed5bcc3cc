using Implicit.Control;
using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The solution (u, v, w) of K·(u, v, w) = r with K = [P A' G'; A 0 0; G 0 0] over the constraints that are active in solved items: (matrices
/// that there are, those of the record's items that it does not hold, record, r) → (u [items, n], v [items, p], w [items, rows]). w is 0 in inactive
/// rows, and r is not read there.
/// </summary>
/// <remarks>
/// K is symmetric, so the node is its own transpose, and it is closed under differentiation: K·u̇ = ṙ − K̇·u, and the cotangents of the matrices
/// are those of −K̇·u. The first matrices, those of the right sides' items, are inputs only to be differentiated; what is computed reads the record, and
/// beside it the matrices of large items once more, which as numbers are not differentiated.
/// </remarks>
/// <param name="Form">What the data looked like to the solve.</param>
/// <param name="Options">How it was solved.</param>
/// <param name="Places">The item of the record that each right side belongs to; the same place if empty.</param>
internal sealed record KktOp(QpForm Form, QpOptions Options, ValueArray<int> Places) : MultiOp
{
    private static readonly int[] MatrixData = [QpForm.Quadratic, QpForm.EqualityMatrix, QpForm.InequalityMatrix];

    public override string Name => "kkt";

    public override bool IsDegreeKnown => false;

    public override bool IsCostly => true;

    private int[] Matrices => [.. MatrixData.Where(Form.Has)];

    /// <summary>Solves with the system of a solve.</summary>
    public static Tensor[] Solve(QpOp op, Tensor solve, Tensor record, KktPoint right)
    {
        Tensor?[] data = op.Form.Spread<Tensor>(solve.InputArray);
        var kkt = new KktOp(op.Form, op.Options, []);
        Tensor[] matrices = [.. kkt.Matrices.Select(datum => data[datum]!)];
        Tensor[] read = QpSolver.LieSideBySide(op.Form.Size) ? [] : matrices;
        return Tensor.ApplyMany(kkt, [.. matrices, .. read, record, right.X, right.Y, right.Z]);
    }

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => inputs[^3..].ToArray();

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] results = Results(tuple);
        var data = new Tensor?[QpForm.Data];
        int[] matrices = Matrices;
        for (int i = 0; i < matrices.Length; i++)
            data[matrices[i]] = tangents[i];
        KktPoint right = KktPoint.Of(results).Pushed(QpMatrices.Of(data), Form.Size).Negated();
        Tensor x = tangents[^3] is { } rx ? right.X + rx : right.X;
        Tensor y = tangents[^2] is { } ry ? right.Y + ry : right.Y;
        Tensor z = tangents[^1] is { } rz ? right.Z + rz : right.Z;
        return Again(tuple, [x, y, z]);
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        Tensor[] results = Results(tuple);
        KktPoint point = KktPoint.Of(results);
        Tensor[] solved = Again(tuple, Differentiation.OrZeros(cotangents, results));
        KktPoint adjoint = KktPoint.Of(solved);
        int[] matrices = Matrices;
        var pulled = new Tensor?[needed.Length];
        for (int i = 0; i < matrices.Length; i++)
            if (needed[i])
                pulled[i] = adjoint.Pulled(point, matrices[i], IsShared(tuple.Inputs[i], isBatched: false), Form.Size);
        solved.CopyTo(pulled, pulled.Length - solved.Length);
        return pulled;
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        int matrices = Matrices.Length;
        int record = inputs.Length - 4;
        bool hasRecords = batched[record];
        int items = inputs[^3].Shape[batched[^3] ? 1 : 0];
        var merged = inputs.ToArray();
        for (int i = 0; i < matrices; i++)
            merged[i] = QpForm.Merge(inputs[i], batched[i], IsShared(inputs[i], batched[i]), size, items);
        // The matrices that the record does not hold are of its items.
        for (int i = matrices; i < record && hasRecords; i++)
            merged[i] = QpForm.Merge(inputs[i], batched[i], IsShared(inputs[i], batched[i]), size, Form.Items);
        for (int i = record + 1; i < merged.Length; i++)
            merged[i] = QpForm.Merge(inputs[i], batched[i], isShared: false, size, items);
        QpForm form = hasRecords ? Form with { Items = size * Form.Items } : Form;
        var op = new KktOp(form, Options, [.. MergedPlaces(size, items, hasRecords)]);
        Tensor[] results = Tensor.ApplyMany(op, merged);
        return Array.ConvertAll(results, result => Tensor.Reshape(result, [size, items, result.Shape[1]]));
    }

    /// <summary>Whether all items have one matrix.</summary>
    private static bool IsShared(Tensor matrix, bool isBatched) => matrix.Rank == (isBatched ? 3 : 2);

    /// <summary>The places for each of a batch, which has a record of its own or shares one.</summary>
    private int[] MergedPlaces(int size, int items, bool hasRecords)
    {
        var places = new int[size * items];
        for (int i = 0; i < places.Length; i++)
        {
            int place = Places.Count == 0 ? i % items : Places[i % items];
            places[i] = hasRecords ? (i / items * Form.Items) + place : place;
        }
        return places;
    }

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new KktRun(Form, Options, Places), inputs[Matrices.Length..], results, Flags.All(results.Length));

    private Tensor[] Again(Tensor tuple, Tensor[] right) =>
        Tensor.ApplyMany(this, [.. tuple.InputArray[..^3], .. right]);
}

using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>
/// The solution of a linear system: (b [m], a start [n] if there is one, captures θ) → x [n] with A(θ)·x = b, and the report, float64 [4]; of a
/// batch of systems, with an axis of items in front.
/// </summary>
/// <remarks>
/// Tangent: A·ẋ = ḃ − Ȧ·x. Cotangent: Aᵀ·λ = x̄, then b̄ = λ, and θ̄ is the cotangent of −A(θ)·x at fixed x for λ. Both are linear solves again.
/// For LSMR x is A⁺·b, whose derivative along operators of the same rank has two more terms (G. Golub and V. Pereyra, SIAM J. Numer.
/// Anal. 10 (1973), equation 4.12): ẋ = A⁺(ḃ − Ȧx) + A⁺A⁺ᵀȦᵀr + (I − A⁺A)ȦᵀA⁺ᵀx with r = b − A·x. The solution depends neither on the start nor
/// on the preconditioners.
/// </remarks>
/// <param name="Operator">A, of vectors.</param>
/// <param name="Solver">The method, for A and its transpose, by its numbers alone.</param>
internal sealed record LinearSolveOp(LinearMap Operator, LinearSolver.Krylov Solver) : HostOp
{
    public override string Name => "linearSolve";

    public override bool IsCostly => true;

    /// <summary>What the system is of, for the message of a failure.</summary>
    public string Title { get; init; } = "linearSolve";

    /// <summary>The preconditioner on the left, if any.</summary>
    public LinearMap? Left { get; init; }

    /// <summary>The preconditioner on the right, if any.</summary>
    public LinearMap? Right { get; init; }

    /// <summary>The batch, if there is one.</summary>
    public ItemAxis? Items { get; init; }

    /// <summary>Whether the second input is where to start.</summary>
    public bool HasStart { get; init; }

    /// <summary>Whether a failure is told by the report alone; otherwise it is an error.</summary>
    public bool Reports { get; init; }

    /// <summary>The position of the first capture among the inputs.</summary>
    public int FirstCapture => HasStart ? 2 : 1;

    /// <summary>Whether the solution is that of least squares, of least norm.</summary>
    public bool IsLeastSquares => Solver is LinearSolver.Lsmr;

    /// <summary>The factors of the matrix that a method sees which is preconditioned on either side.</summary>
    public Factor[] Seen =>
        [
            .. Right is null ? Array.Empty<Factor>() : [Factor.Right],
            Factor.Operator,
            .. Left is null ? Array.Empty<Factor>() : [Factor.Left],
        ];

    /// <summary>The solve that the derivatives of this one use.</summary>
    private LinearSolveOp Plain =>
        new(Operator, Solver)
        {
            Title = Title,
            Items = Items,
            Left = Left,
            Right = Right,
            Reports = IsLenient,
        };

    /// <summary>The solve with the transpose. A preconditioner changes sides: (M·A)ᵀ = Aᵀ·Mᵀ.</summary>
    private LinearSolveOp Dual =>
        new(Operator.Transposed, Solver)
        {
            Title = Title,
            Items = Items,
            Left = IsSymmetric ? null : Right?.Transposed,
            Right = IsSymmetric ? Right?.Transposed : Left?.Transposed,
            Reports = IsLenient,
        };

    private bool IsSymmetric => Solver is LinearSolver.Cg;

    /// <summary>Whether the method raises no error for what it does not solve.</summary>
    public bool IsLenient => Solver.OnFail != OnFail.Throw;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [OfAll(Operator.Product.Arguments[0].Type), OfAll(new TensorType(DType.Float64, [LinearReport.Length]))];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] captures = tuple.InputArray[FirstCapture..];
        Tensor? right = tangents[0];
        Tensor? aside = null;
        bool[] moving = Moving(Flags.Present(tangents[FirstCapture..]), alsoTransposed: IsLeastSquares);
        if (moving.Contains(true))
        {
            LinearMap whole = Whole;
            Tensor x = Results(tuple)[0];
            Tensor[] flowing = Flags.Chosen<Tensor>(moving.AsSpan(1), tangents[FirstCapture..]!);
            Tensor moved = Push(whole, x, captures, moving, flowing);
            right = right is null ? -moved : right - moved;
            if (IsLeastSquares)
            {
                Tensor residual = tuple.Inputs[0] - Apply(whole, x, captures);
                Tensor turned = Dual.Solve(Push(whole.Transposed, residual, captures, moving, flowing), captures);
                aside = Push(whole.Transposed, Dual.Solve(x, captures), captures, moving, flowing);
                right = right + turned - Apply(whole, aside, captures);
            }
        }
        if (right is null)
            return [null, null];
        Tensor tangent = Plain.Solve(right, captures);
        return [aside is null ? tangent : tangent + aside, null];
    }

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
    {
        var pulled = new Tensor?[needed.Length];
        if (cotangents[0] is not { } cotangent)
            return pulled;
        Tensor[] captures = tuple.InputArray[FirstCapture..];
        Tensor x = Results(tuple)[0];
        Tensor adjoint = Dual.Solve(cotangent, captures);
        pulled[0] = adjoint;
        bool[] wanted = Moving(needed[FirstCapture..].ToArray(), alsoTransposed: false);
        if (!wanted.Contains(true))
            return pulled;
        LinearMap whole = Whole;
        Function pullback = whole.Product.Vjp(wanted);
        Tensor[] found = pullback.Apply([x, .. captures, -adjoint]);
        if (IsLeastSquares)
        {
            Tensor residual = tuple.Inputs[0] - Apply(whole, x, captures);
            Tensor aside = cotangent - Plain.Solve(Apply(whole, cotangent, captures), captures);
            Tensor[] turned = pullback.Apply([Plain.Solve(adjoint, captures), .. captures, residual]);
            Tensor[] outside = pullback.Apply([aside, .. captures, Dual.Solve(x, captures)]);
            found = [.. found.Select((part, i) => part + turned[i] + outside[i])];
        }
        Flags.Spread<Tensor>(wanted.AsSpan(1), found).CopyTo(pulled, FirstCapture);
        return pulled;
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        if (Items is not null)
            return Mapping.Map(this, inputs, batched, size);
        Tensor[] given = inputs.ToArray();
        for (int i = 0; i < FirstCapture; i++)
            given[i] = Batching.Materialise(given[i], batched[i], size);
        return Tensor.ApplyMany(this with { Items = new([.. batched[FirstCapture..]], size) }, given);
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new KrylovRun(this, wanted[1]), [true, wanted[1]]);

    /// <summary>The operator of the whole batch.</summary>
    private LinearMap Whole => Items is null ? Operator : Operator.Over(Items, Items.Size);

    /// <summary>The type of the whole batch for that of an item.</summary>
    private TensorType OfAll(TensorType item) =>
        Items is null ? item : item with { Shape = item.Shape.Prepend(Items.Size) };

    private static Tensor Apply(LinearMap map, Tensor x, Tensor[] captures) => map.Product.Apply([x, .. captures])[0];

    /// <summary>Ȧ·x at fixed x.</summary>
    private static Tensor Push(LinearMap map, Tensor x, Tensor[] captures, bool[] moving, Tensor[] flowing) =>
        map.Product.Jvp(moving).Apply([x, .. captures, .. flowing])[1];

    /// <summary>x for another right side; what is not solved is an error, or what the method says.</summary>
    private Tensor Solve(Tensor right, Tensor[] captures) => Given(Tensor.ApplyMany(this, [right, .. captures]));

    /// <summary>The solution as the method's policy has it, of the results where those tell failures.</summary>
    public Tensor Given(Tensor[] results)
    {
        if (Solver.OnFail != OnFail.Nan)
            return results[0];
        Tensor solved = Tensor.Equal(Tensor.Index(results[1], -1, 0), (double)LinearStatus.Success);
        return Tensor.Where(Tensor.Unsqueeze(solved, -1), results[0], double.NaN);
    }

    /// <summary>
    /// Flags of the operator's arguments, x first: which captures move among those that it, and not a preconditioner, uses. A transpose that was
    /// given may capture what the product does not, such as a matrix that was transposed before.
    /// </summary>
    private bool[] Moving(bool[] captures, bool alsoTransposed)
    {
        bool[] used = Operator.Product.UsedArguments;
        bool[] transposed = alsoTransposed && Operator.Given is { } given ? given.UsedArguments : used;
        return [false, .. captures.Select((moves, i) => moves && (used[i + 1] || transposed[i + 1]))];
    }
}

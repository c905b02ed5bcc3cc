using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Linear;

/// <summary>
/// The solution of a linear system: (b [m], a start [n] if there is one, captures θ) → x [n] with A(θ)·x = b, and the report, float64 [4].
/// </summary>
/// <remarks>
/// Tangent: A·ẋ = ḃ − Ȧ·x. Cotangent: Aᵀ·λ = x̄, then b̄ = λ, and θ̄ is the cotangent of −A(θ)·x at fixed x for λ. Both are linear solves again.
/// For LSMR x is A⁺·b, whose derivative along operators of the same rank has two more terms (G. Golub and V. Pereyra, SIAM J. Numer.
/// Anal. 10 (1973), equation 4.12): ẋ = A⁺(ḃ − Ȧx) + A⁺A⁺ᵀȦᵀr + (I − A⁺A)ȦᵀA⁺ᵀx with r = b − A·x. The solution depends neither on the start nor
/// on the preconditioners.
/// </remarks>
/// <param name="Operator">A, of vectors.</param>
/// <param name="Solver">The method, for A and its transpose, by its numbers alone.</param>
internal sealed record LinearSolveOp(LinearMap Operator, LinearSolver.Krylov Solver) : MultiOp
{
    public override string Name => "linearSolve";

    public override bool IsCostly => true;

    /// <summary>What the system is of, for the message of a failure.</summary>
    public string Title { get; init; } = "linearSolve";

    /// <summary>The preconditioner on the left, if any.</summary>
    public LinearMap? Left { get; init; }

    /// <summary>The preconditioner on the right, if any.</summary>
    public LinearMap? Right { get; init; }

    /// <summary>Whether the second input is where to start.</summary>
    public bool HasStart { get; init; }

    /// <summary>Whether a failure is told by the report alone; otherwise it is an error.</summary>
    public bool Reports { get; init; }

    /// <summary>The position of the first capture among the inputs.</summary>
    public int FirstCapture => HasStart ? 2 : 1;

    private bool IsLeastSquares => Solver is LinearSolver.Lsmr;

    /// <summary>The solve that the derivatives of this one use.</summary>
    private LinearSolveOp Plain =>
        new(Operator, Solver)
        {
            Title = Title,
            Left = Left,
            Right = Right,
        };

    /// <summary>The solve with the transpose. A preconditioner changes sides: (M·A)ᵀ = Aᵀ·Mᵀ.</summary>
    private LinearSolveOp Dual =>
        Solver is LinearSolver.Cg
            ? new(Operator.Transposed, Solver) { Title = Title, Right = Right?.Transposed }
            : new(Operator.Transposed, Solver)
            {
                Title = Title,
                Left = Right?.Transposed,
                Right = Left?.Transposed,
            };

    /// <summary>The operation for a linear function of vectors.</summary>
    public static LinearSolveOp For(Function linear, LinearSolver.Krylov solver) =>
        new(new LinearMap(linear), solver.Bare);

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
        [Operator.Product.Arguments[0].Type, new TensorType(DType.Float64, [LinearReport.Length])];

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        Tensor[] captures = tuple.InputArray[FirstCapture..];
        Tensor? right = tangents[0];
        Tensor? aside = null;
        bool[] moving = Moving(Flags.Present(tangents[FirstCapture..]));
        if (moving.Contains(true))
        {
            Tensor x = Results(tuple)[0];
            Tensor?[] given = tangents[FirstCapture..].ToArray();
            Tensor[] flowing = [.. Flags.Indices(moving.AsSpan(1)).Select(i => given[i]!)];
            Tensor moved = Push(Operator, x, captures, moving, flowing);
            right = right is null ? -moved : right - moved;
            if (IsLeastSquares)
            {
                Tensor residual = tuple.Inputs[0] - Apply(Operator, x, captures);
                Tensor turned = Dual.Solve(Push(Operator.Transposed, residual, captures, moving, flowing), captures);
                aside = Push(Operator.Transposed, Dual.Solve(x, captures), captures, moving, flowing);
                right = right + turned - Apply(Operator, aside, captures);
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
        bool[] wanted = Moving(needed[FirstCapture..].ToArray());
        if (!wanted.Contains(true))
            return pulled;
        Function pullback = Operator.Product.Vjp(wanted);
        Tensor[] found = pullback.Apply([x, .. captures, -adjoint]);
        if (IsLeastSquares)
        {
            Tensor residual = tuple.Inputs[0] - Apply(Operator, x, captures);
            Tensor aside = cotangent - Plain.Solve(Apply(Operator, cotangent, captures), captures);
            Tensor[] turned = pullback.Apply([Plain.Solve(adjoint, captures), .. captures, residual]);
            Tensor[] outside = pullback.Apply([aside, .. captures, Dual.Solve(x, captures)]);
            found = [.. found.Select((part, i) => part + turned[i] + outside[i])];
        }
        int[] positions = Flags.Indices(wanted.AsSpan(1));
        for (int i = 0; i < positions.Length; i++)
            pulled[FirstCapture + positions[i]] = found[i];
        return pulled;
    }

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    ) => emitter.Host(new KrylovRun(this, wanted[1]), inputs, results, [true, wanted[1]]);

    private static Tensor Apply(LinearMap map, Tensor x, Tensor[] captures) => map.Product.Apply([x, .. captures])[0];

    /// <summary>Ȧ·x at fixed x.</summary>
    private static Tensor Push(LinearMap map, Tensor x, Tensor[] captures, bool[] moving, Tensor[] flowing) =>
        map.Product.Jvp(moving).Apply([x, .. captures, .. flowing])[1];

    private Tensor Solve(Tensor right, Tensor[] captures) => Tensor.ApplyMany(this, [right, .. captures])[0];

    /// <summary>Flags of the operator's arguments, x first: which captures move among those that it, and not a preconditioner, uses.</summary>
    private bool[] Moving(bool[] captures)
    {
        bool[] used = Operator.Product.UsedArguments;
        return [false, .. captures.Select((moves, i) => moves && used[i + 1])];
    }
}

using Implicit.Shapes;

namespace Implicit.Kernels;

/// <summary>A slot of the program, seen through an index map over the kernel's domain.</summary>
internal readonly record struct Operand(int Slot, IndexMap Map);

/// <summary>
/// One step of a <see cref="Program"/>. The vocabulary is closed: a backend runs exactly the kernels declared in
/// this folder, and never learns of operations.
/// </summary>
internal abstract record Kernel
{
    /// <summary>What is read, in the kernel's order.</summary>
    public abstract IEnumerable<Operand> Reads { get; }

    /// <summary>What is written, in the kernel's order.</summary>
    public abstract IEnumerable<Operand> Writes { get; }

    /// <summary>The same work on other operands.</summary>
    /// <param name="moved">What takes the place of an operand.</param>
    public abstract Kernel On(Func<Operand, Operand> moved);
}

/// <summary>Output(p) = Body(inputs at p) for every point p of the domain.</summary>
internal sealed record Map(Shape Domain, Scalar Body, ValueArray<Operand> Inputs, Operand Output) : Kernel
{
    public override IEnumerable<Operand> Reads => Inputs;
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Inputs = [.. Inputs.Select(moved)],
            Output = moved(Output),
        };
}

/// <summary>What a <see cref="Reduce"/> combines with. ArgMin and ArgMax give the int64 position, row-major, within
/// the reduced axes; the first of equals wins, and NaN wins over everything.</summary>
internal enum Reduction
{
    Sum,
    Product,
    Minimum,
    Maximum,
    ArgMinimum,
    ArgMaximum,
}

/// <summary>
/// Combines Body over the trailing axes of the domain: the first <paramref name="Kept"/> axes remain and are the
/// domain of <paramref name="Output"/>. An empty reduction gives the neutral element (an error for the others).
/// </summary>
internal sealed record Reduce(
    Shape Domain,
    int Kept,
    Reduction Reduction,
    Scalar Body,
    ValueArray<Operand> Inputs,
    Operand Output
) : Kernel
{
    public override IEnumerable<Operand> Reads => Inputs;
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Inputs = [.. Inputs.Select(moved)],
            Output = moved(Output),
        };
}

/// <summary>Running sum along the last axis of the domain (the first element is copied).</summary>
internal sealed record Accumulate(Shape Domain, Operand Input, Operand Output) : Kernel
{
    public override IEnumerable<Operand> Reads => [Input];
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Input = moved(Input),
            Output = moved(Output),
        };
}

/// <summary>
/// Output(p) = Data(map(p) + Indices(p)·AxisStride): <paramref name="Data"/>'s map covers the domain with stride 0
/// where the index replaces the coordinate. Indices are int64 in [0, AxisExtent); another is a run-time error.
/// </summary>
internal sealed record Gather(
    Shape Domain,
    Operand Data,
    Operand Indices,
    int AxisStride,
    int AxisExtent,
    Operand Output
) : Kernel
{
    public override IEnumerable<Operand> Reads => [Data, Indices];
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Data = moved(Data),
            Indices = moved(Indices),
            Output = moved(Output),
        };
}

/// <summary>
/// Output(map(p) + Indices(p)·AxisStride) += Values(p) for every p, in row-major order of the domain, after the
/// <paramref name="OutputLength"/> elements of the output slot were set to zero.
/// </summary>
internal sealed record ScatterAdd(
    Shape Domain,
    Operand Values,
    Operand Indices,
    int AxisStride,
    int AxisExtent,
    Operand Output,
    int OutputLength
) : Kernel
{
    public override IEnumerable<Operand> Reads => [Values, Indices];
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Values = moved(Values),
            Indices = moved(Indices),
            Output = moved(Output),
        };
}

/// <summary>
/// Output[b, i, j] = Σ_k A[b, i, k]·B[b, k, j]. The maps of A, B and the output cover the batch axes followed by the
/// two of the matrix; repeated batches have stride 0.
/// </summary>
internal sealed record MatMul(Shape Batch, int M, int K, int N, Operand A, Operand B, Operand Output) : Kernel
{
    /// <summary>
    /// What becomes of the sums before anything reads them: a map over the elements of the output, which then lie in row-major order. Its own
    /// output is this output, and stands for the sums where it is among its inputs.
    /// </summary>
    public Map? Epilogue { get; init; }

    /// <summary>The points of the output: the batch axes followed by the two of the matrix.</summary>
    public Shape Domain => Batch.Concat([M, N]);

    /// <summary>Whether all items of the batch have one right factor.</summary>
    public bool IsRightShared => (B.Map with { Strides = [.. B.Map.Strides.Span[..Batch.Rank]] }).IsUniform(Batch);

    public override IEnumerable<Operand> Reads =>
        Epilogue is { } map ? [A, B, .. map.Inputs.Where(input => input != map.Output)] : [A, B];
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            A = moved(A),
            B = moved(B),
            Output = moved(Output),
            Epilogue = (Map?)Epilogue?.On(moved),
        };
}

/// <summary>
/// A dense factorisation or triangular solve of <paramref name="Batch"/> row-major matrices of M × N, all operands
/// contiguous. Failure of an item (a pivot of zero that the error does not take, no convergence) is a run-time error that names the item.
/// </summary>
internal sealed record Factorise(
    Factorisation Kind,
    int Batch,
    int M,
    int N,
    ValueArray<Operand> Inputs,
    ValueArray<Operand> Outputs
) : Kernel
{
    /// <summary>What is raised when an item fails; the factorisation's own error if null.</summary>
    public FactoriseError? Error { get; init; }

    public override IEnumerable<Operand> Reads => Inputs;
    public override IEnumerable<Operand> Writes => Outputs;

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Inputs = [.. Inputs.Select(moved)],
            Outputs = [.. Outputs.Select(moved)],
        };
}

/// <summary>The dense factorisations, with their inputs and outputs per item; k = min(M, N).</summary>
internal enum Factorisation
{
    /// <summary>A [n, n], whose symmetric part (A + Aᵀ)/2 is positive definite, → its factor L [n, n], zeros above.</summary>
    Cholesky,

    /// <summary>T [m, m] lower, B [m, n] → X with T·X = B.</summary>
    SolveLower,

    /// <summary>T [m, m] upper, B [m, n] → X with T·X = B.</summary>
    SolveUpper,

    /// <summary>As <see cref="SolveLower"/>, the diagonal taken as ones.</summary>
    SolveLowerUnit,

    /// <summary>A [n, n] → LU packed [n, n] (unit lower, upper), permutation int64 [n] with A[perm, :] = L·U.</summary>
    Lu,

    /// <summary>A [m, n] → Q [m, k], R [k, n].</summary>
    Qr,

    /// <summary>A [n, n] symmetric (its lower triangle is read) → w [n] ascending, V [n, n] with columns the vectors.</summary>
    SymmetricEigen,

    /// <summary>A [m, n] → U [m, k], s [k] descending, Vᵀ [k, n].</summary>
    Svd,
}

/// <summary>What <see cref="Random"/> draws.</summary>
internal enum Distribution
{
    /// <summary>64 random bits as int64.</summary>
    Bits,

    /// <summary>Uniform on [0, 1).</summary>
    Uniform,

    /// <summary>Normal, mean 0, variance 1.</summary>
    Normal,
}

/// <summary>
/// <paramref name="Count"/> numbers for each of <paramref name="Streams"/> int64 keys, from a counter-based generator: element i
/// of a stream depends on its key and i only. Both operands contiguous, the output [Streams, Count].
/// </summary>
internal sealed record Random(Distribution Distribution, int Streams, int Count, Operand Keys, Operand Output) : Kernel
{
    public override IEnumerable<Operand> Reads => [Keys];
    public override IEnumerable<Operand> Writes => [Output];

    public override Kernel On(Func<Operand, Operand> moved) => this with { Keys = moved(Keys), Output = moved(Output) };
}

/// <summary>Calls back into C#: solvers and loops. All operands contiguous.</summary>
internal sealed record Host(IHostFunction Function, ValueArray<Operand> Inputs, ValueArray<Operand> Outputs) : Kernel
{
    /// <summary>What the function may keep after its run, which nothing may write to afterwards.</summary>
    public IEnumerable<Operand> Keeps => Function.KeepsInputs ? Inputs : [];

    public override IEnumerable<Operand> Reads => Inputs;
    public override IEnumerable<Operand> Writes => Outputs;

    public override Kernel On(Func<Operand, Operand> moved) =>
        this with
        {
            Inputs = [.. Inputs.Select(moved)],
            Outputs = [.. Outputs.Select(moved)],
        };
}

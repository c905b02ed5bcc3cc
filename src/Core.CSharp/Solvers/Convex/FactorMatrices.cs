using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>Where the rows of an item's P, A and active G lie, with rows to spare that fill the last four of each.</summary>
internal sealed unsafe class FactorMatrices<W>
    where W : unmanaged, ILanes<W, double>
{
    private readonly QpSize size;
    private readonly ItemMatrix? quadratic;
    private readonly ItemMatrix? equalities;
    private readonly ItemMatrix? inequalities;
    private readonly Scratch scratch = new(1);

    /// <param name="form">What the data look like.</param>
    /// <param name="matrices">P, A and G of all items, those that there are.</param>
    public FactorMatrices(QpForm form, ReadOnlySpan<Buffer> matrices)
    {
        size = form.Size;
        int next = 0;
        if (form.Has(QpForm.Quadratic))
            quadratic = new ItemMatrix(matrices[next++], N * N);
        if (form.Has(QpForm.EqualityMatrix))
            equalities = new ItemMatrix(matrices[next++], P * N);
        if (form.Has(QpForm.InequalityMatrix))
            inequalities = new ItemMatrix(matrices[next], size.M * N);
        QuadraticRows = (double**)scratch.Take(RowProducts<W>.Filled(N));
        EqualityRows = (double**)scratch.Take(RowProducts<W>.Filled(P));
        ActiveRows = (double**)scratch.Take(RowProducts<W>.Filled(size.M));
    }

    public double** QuadraticRows { get; }

    public double** EqualityRows { get; }

    /// <summary>Those of the active general inequalities.</summary>
    public double** ActiveRows { get; }

    private int N => size.N;

    private int P => size.P;

    /// <summary>Goes over to an item.</summary>
    public void Use(int item, QpFactor factor)
    {
        ReadOnlySpan<int> places = factor.Places;
        Find(quadratic, item, places[..N], 0, QuadraticRows);
        Find(equalities, item, places.Slice(N, P), N, EqualityRows);
        Find(inequalities, item, places.Slice(N + P, factor.General), N + P, ActiveRows);
    }

    /// <summary>Adds what an item reads beside its factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Expect(int item, QpFactor factor, Prefetching ahead)
    {
        // Of a symmetric P one triangle is read.
        for (int i = 0; i < N && quadratic is not null; i++)
            Add(quadratic.Of(item), i, factor.IsSymmetric ? i : 0);
        for (int i = 0; i < P; i++)
            Add(equalities!.Of(item), i, 0);
        for (int k = 0; k < factor.General; k++)
            Add(inequalities!.Of(item), factor.Places[N + P + k] - N - P, 0);

        void Add(double* matrix, int row, int first) =>
            ahead.Add(matrix + ((long)row * N) + first, (long)(N - first) * sizeof(double));
    }

    /// <summary>The matrices of the item in use in scaled units: the active general inequalities, and all bounds, of which the active ones are live.</summary>
    public QpBlock Scaled(QpFactor factor)
    {
        QpBlock block = QpBlock.Zeros(size with { M = factor.General }, 1);
        for (int i = 0; i < N && quadratic is not null; i++)
        for (int j = 0; j < N; j++)
            block.Quadratic[(i * N) + j] =
                0.5 * factor.ResidualUnit[i] * (QuadraticRows[i][j] + QuadraticRows[j][i]) * factor.Unit[j];
        for (int i = 0; i < P; i++)
            Put(EqualityRows[i], N + i, block.Equalities + ((long)i * N));
        for (int k = 0; k < factor.General; k++)
            Put(ActiveRows[k], N + P + k, block.Inequalities + ((long)k * N));
        for (int k = 0; k < factor.Active; k++)
            block.Live[k < factor.General ? k : factor.Places[N + P + k] - N - P - size.M + factor.General] = 1.0;
        return block;

        void Put(double* from, int unknown, double* to)
        {
            for (int j = 0; j < N; j++)
                to[j] = factor.ResidualUnit[unknown] * from[j] * factor.Unit[j];
        }
    }

    /// <summary>The rows of an item's matrix that belong to unknowns, of which those before <paramref name="first"/> belong to others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Find(ItemMatrix? matrix, int item, ReadOnlySpan<int> unknowns, int first, double** rows)
    {
        if (matrix is null)
            return;
        double* start = matrix.Of(item);
        for (int k = 0; k < unknowns.Length; k++)
            rows[k] = start + ((long)(unknowns[k] - first) * N);
        for (int k = unknowns.Length; k < RowProducts<W>.Filled(unknowns.Length); k++)
            rows[k] = start;
    }
}

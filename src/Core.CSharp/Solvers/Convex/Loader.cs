using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Brings items into lanes, scaled, and takes their solutions out, unscaled.</summary>
internal sealed unsafe class Loader<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>Right sides and bounds from here on are none: files that write 1e20 for infinity hold it with rounding.</summary>
    private const double Infinite = 1e19;

    private readonly QpInputs inputs;
    private readonly Embedding<V, D> at;
    private readonly Equilibration<V, D> equilibration;
    private readonly Scratch scratch = new(V.Count);

    public Loader(QpInputs inputs, Embedding<V, D> at)
    {
        (this.inputs, this.at) = (inputs, at);
        equilibration = new Equilibration<V, D>(at);
        CostScale = scratch.Take(1);
        Lanewise<V>.Fill(1, 1.0, CostScale);
    }

    /// <summary>c of each lane.</summary>
    public double* CostScale { get; }

    /// <summary>Whether P of the last item that was loaded is symmetric as it was given.</summary>
    public bool IsSymmetric { get; private set; }

    /// <summary>The lanes of the last items whose P has no factor, so that the block has that of a shifted one.</summary>
    public ulong Shifted { get; private set; }

    private QpSize Size => inputs.Size;

    private static int Count => V.Count;

    /// <summary>Copies an item's data into a lane as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int lane, int item)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        QpBlock block = at.Block;
        LoadSymmetric(inputs.Quadratic.Of(item, n * n), block.Quadratic + lane);
        Put(inputs.EqualityMatrix.Of(item, p * n), block.Equalities + lane);
        Put(inputs.InequalityMatrix.Of(item, m * n), block.Inequalities + lane);
        Put(inputs.Linear.Of(item, n), at.Cost + lane);
        Put(inputs.EqualityRight.Of(item, p), at.Cost + (n * Count) + lane);
        int degree = 1;
        double* right = at.Cost + ((n + p) * Count) + lane;
        ReadOnlySpan<double> h = inputs.InequalityRight.Of(item, m);
        for (int i = 0; i < m; i++)
            degree += Row(i, lane, right, h[i], isThere: h[i] < Infinite);
        ReadOnlySpan<double> lower = inputs.Lower.Of(item, n);
        ReadOnlySpan<double> upper = inputs.Upper.Of(item, n);
        for (int i = 0; i < n; i++)
        {
            bool isFixed = Size.HasLower && Size.HasUpper && lower[i] == upper[i];
            if (Size.HasLower)
                degree += Row(m + i, lane, right, -lower[i], isThere: !isFixed && lower[i] > -Infinite);
            if (Size.HasUpper)
                degree += Row(m + Size.LowerRows + i, lane, right, upper[i], isThere: upper[i] < Infinite, isFixed);
        }
        at.Degree[lane] = degree;
    }

    /// <summary>Scales the items of a mask; gives the lanes whose P is not positive semidefinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Prepare(ulong lanes)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        equilibration.Run(lanes);
        V mask = V.FromBits(lanes);
        V one = V.Of(1.0);
        double* unit = at.Block.Unit;
        for (int i = 0; i < n; i++)
        {
            V inverse = one / Lanewise<V>.Load(unit, i);
            if (Size.HasLower)
                Put(mask, inverse, unit + ((n + p + m + i) * Count));
            if (Size.HasUpper)
                Put(mask, inverse, unit + ((n + p + m + Size.LowerRows + i) * Count));
        }
        for (int i = 0; i < Size.Total; i++)
        {
            Put(mask, Lanewise<V>.Load(at.Cost, i) * Lanewise<V>.Load(unit, i), at.Cost + (i * Count));
            Put(mask, Lanewise<V>.Load(unit, i), at.Block.ResidualUnit + (i * Count));
        }
        ScaleCost(mask);
        return Concave() & lanes;
    }

    /// <summary>Writes the best point of a lane, in the units of its data.</summary>
    public void Write(int lane, LaneState state, double* point, double* slack, QpResults results)
    {
        (int n, int p, int m, int rows) = (Size.N, Size.P, Size.M, Size.Rows);
        int item = state.Item;
        Assessment best = state.Best;
        results.Describe(item, state.Status!.Value, state.Iterations, best, Margin(lane, point, slack));
        Span<double> x = results.X.AsSpan(item * n, n);
        Span<double> y = results.Y.AsSpan(item * p, p);
        Span<double> z = results.Z.AsSpan(item * rows, rows);
        Take(lane, point, 0, x);
        Take(lane, point, n, y);
        Take(lane, point, n + p, z);
        if (Size.HasUpper && Size.HasLower)
            SplitFixed(lane, z[m..]);
        if (state.HasPoint)
            KeepInBounds(item, x);
        else if (state.Status == QpStatus.PrimalInfeasible)
            Certificate(item, x, y, z);
        else if (state.Status == QpStatus.DualInfeasible)
            Direction(item, x, y, z);
    }

    /// <summary>The multiplier of a fixed variable is that of the bound it presses on.</summary>
    private void SplitFixed(int lane, Span<double> bounds)
    {
        int first = Size.M + Size.LowerRows;
        for (int i = 0; i < Size.N; i++)
        {
            bool isFixed = at.Exists[((first + i) * Count) + lane] != at.IsCone[((first + i) * Count) + lane];
            double multiplier = bounds[Size.N + i];
            if (!isFixed)
                continue;
            bounds[i] = Math.Max(-multiplier, 0.0);
            bounds[Size.N + i] = Math.Max(multiplier, 0.0);
            if (multiplier < 0.0)
            {
                Exchange(at.Block.Live + lane, Size.M + i, first + i);
                Exchange(at.Block.Omega + lane, Size.M + i, first + i);
            }
        }
    }

    /// <summary>Derivatives follow the bound that the variable presses on; the factor is the same for both.</summary>
    private static void Exchange(double* rows, int first, int second) =>
        (rows[first * Count], rows[second * Count]) = (rows[second * Count], rows[first * Count]);

    /// <summary>Takes away the rounding of the way through scaled units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepInBounds(int item, Span<double> x)
    {
        ReadOnlySpan<double> lower = inputs.Lower.Of(item, Size.N);
        ReadOnlySpan<double> upper = inputs.Upper.Of(item, Size.N);
        for (int i = 0; i < x.Length; i++)
        {
            if (Size.HasLower)
                x[i] = Math.Max(x[i], lower[i]);
            if (Size.HasUpper)
                x[i] = Math.Min(x[i], upper[i]);
        }
    }

    /// <summary>Duals become the certificate with b'y + h'z = −1.</summary>
    private void Certificate(int item, Span<double> x, Span<double> y, Span<double> z)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        double value = Dot(inputs.EqualityRight.Of(item, p), y) + Dot(inputs.InequalityRight.Of(item, m), z);
        if (Size.HasLower)
            value -= Dot(inputs.Lower.Of(item, n), z[m..]);
        if (Size.HasUpper)
            value += Dot(inputs.Upper.Of(item, n), z[(m + Size.LowerRows)..]);
        Divide(y, -value);
        Divide(z, -value);
        x.Clear();
    }

    /// <summary>x becomes the direction with q'x = −1.</summary>
    private void Direction(int item, Span<double> x, Span<double> y, Span<double> z)
    {
        Divide(x, -Dot(inputs.Linear.Of(item, Size.N), x));
        y.Clear();
        z.Clear();
    }

    /// <summary>Σ x·y where y is not zero: bounds that are not there are infinite.</summary>
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0.0;
        for (int i = 0; i < x.Length; i++)
            if (y[i] != 0.0)
                sum += x[i] * y[i];
        return sum;
    }

    private static void Divide(Span<double> x, double by)
    {
        foreach (ref double element in x)
            element /= by;
    }

    /// <summary>min over inequalities of max(s, z), in scaled units; infinite if there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Margin(int lane, double* point, double* slack)
    {
        double margin = double.PositiveInfinity;
        double* dual = point + ((Size.N + Size.P) * Count);
        for (int i = 0; i < Size.Rows; i++)
            if (at.IsCone[(i * Count) + lane] != 0.0)
                margin = Math.Min(margin, Math.Max(slack[(i * Count) + lane], dual[(i * Count) + lane]));
        return margin;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int lane, double* point, int first, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = point[((first + i) * Count) + lane] * at.Block.Unit[((first + i) * Count) + lane];
    }

    /// <summary>Notes what a row is; gives 1 if it is an inequality.</summary>
    private int Row(int row, int lane, double* right, double value, bool isThere, bool isFixed = false)
    {
        bool isCone = isThere && !isFixed;
        right[row * Count] = isThere ? value : 0.0;
        at.Exists[(row * Count) + lane] = isThere ? 1.0 : 0.0;
        at.IsCone[(row * Count) + lane] = isCone ? 1.0 : 0.0;
        if (!isThere && row < Size.M)
            for (int j = 0; j < Size.N; j++)
                at.Block.Inequalities[((((long)row * Size.N) + j) * Count) + lane] = 0.0;
        return isCone ? 1 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put(ReadOnlySpan<double> from, double* to)
    {
        for (int i = 0; i < from.Length; i++)
            to[(long)i * Count] = from[i];
    }

    private static void Put(V mask, V value, double* to) => V.Store(V.Select(mask, value, V.Load(to)), to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadSymmetric(ReadOnlySpan<double> from, double* to)
    {
        int n = Size.N;
        bool isSymmetric = true;
        if (from.IsEmpty)
            return;
        for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
        {
            double element = from[(i * n) + j];
            double opposite = from[(j * n) + i];
            isSymmetric &= element == opposite;
            element = 0.5 * (element + opposite);
            to[(((long)i * n) + j) * Count] = element;
            to[(((long)j * n) + i) * Count] = element;
        }
        IsSymmetric = isSymmetric;
    }

    /// <summary>c, a power of two near 1/max(‖q‖∞, mean column norm of P), in all that it scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleCost(V mask)
    {
        (int n, int p) = (Size.N, Size.P);
        V one = V.Of(1.0);
        V largest = Lanewise<V>.Largest(n, at.Cost);
        if (Size.IsQuadratic)
        {
            V sum = V.Of(0.0);
            for (int j = 0; j < n; j++)
                sum += Lanewise<V>.Largest(n, at.Block.Quadratic + ((long)j * n * Count));
            largest = V.Max(largest, sum / V.Of(Math.Max(n, 1)));
        }
        V isZero = V.LessOrEqual(largest, V.Of(0.0));
        V c = Equilibration<V, D>.PowerOfTwo(one / V.Select(isZero, one, largest));
        Put(mask, c, CostScale);
        V factor = V.Select(mask, c, one);
        if (Size.IsQuadratic)
            Lanewise<V>.Scale(n * n, factor, at.Block.Quadratic, at.Block.Quadratic);
        Lanewise<V>.Scale(n, factor, at.Cost, at.Cost);
        Lanewise<V>.Scale(n, factor, at.Block.ResidualUnit, at.Block.ResidualUnit);
        Lanewise<V>.Scale(p + Size.Rows, one / factor, at.Block.Unit + (n * Count), at.Block.Unit + (n * Count));
    }

    /// <summary>The lanes where P has an eigenvalue that is negative beyond what the data's rounding explains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Concave()
    {
        int n = Size.N;
        if (!Size.IsQuadratic)
            return 0;
        Shifted = Factor(V.Of(0.0));
        if (Shifted == 0)
            return 0;
        V largest = V.Of(0.0);
        for (int i = 0; i < n; i++)
            largest = V.Max(largest, V.Abs(V.Load(at.Block.Quadratic + (((long)i * n) + i) * Count)));
        V shift = V.MultiplyAdd(V.Of(inputs.ConvexityTolerance), largest, V.Of(1e-12));
        return Factor(V.Select(V.FromBits(Shifted), shift, V.Of(0.0)));
    }

    /// <summary>The factor of P with a shifted diagonal, in the block's place for that of H; gives the lanes that have none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Factor(V shift)
    {
        int n = Size.N;
        double* h = at.Block.Lower;
        Lanewise<V>.Copy(n * n, at.Block.Quadratic, h);
        for (int i = 0; i < n; i++)
        {
            double* diagonal = h + (((long)i * n) + i) * Count;
            V.Store(V.Load(diagonal) + shift, diagonal);
        }
        return D.Cholesky(n, h);
    }
}

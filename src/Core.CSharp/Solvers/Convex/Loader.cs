using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Brings items into lanes, as their data are.</summary>
internal sealed unsafe class Loader<V, D>(QpInputs inputs, Embedding<V, D> at)
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    /// <summary>Right sides and bounds from here on are none: files that write 1e20 for infinity hold it with rounding.</summary>
    private const double Infinite = 1e19;

    /// <summary>Whether P of the last item that was loaded is symmetric as it was given.</summary>
    public bool IsSymmetric { get; private set; }

    private QpSize Size => inputs.Size;

    private static int Step => V.Count;

    /// <summary>Copies an item's data into a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int lane, int item)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        QpBlock block = at.Block;
        LoadSymmetric(inputs.Quadratic.Of(item, n * n), block.Quadratic + lane);
        Put(inputs.EqualityMatrix.Of(item, p * n), block.Equalities + lane);
        Put(inputs.InequalityMatrix.Of(item, m * n), block.Inequalities + lane);
        Put(inputs.Linear.Of(item, n), at.Constants + lane);
        Put(inputs.EqualityRight.Of(item, p), at.Constants + (n * Step) + lane);
        int degree = 1;
        double* right = at.Constants + ((n + p) * Step) + lane;
        ReadOnlySpan<double> h = inputs.InequalityRight.Of(item, m);
        for (int i = 0; i < m; i++)
            degree += Row(i, lane, right, h[i], isThere: h[i] < Infinite || IsConstraint(item, i, h[i]));
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

    /// <summary>Whether a right side is one after all, in the units of its row.</summary>
    private bool IsConstraint(int item, int row, double right)
    {
        double largest = 1.0;
        foreach (double element in inputs.InequalityMatrix.Of(item, Size.M * Size.N).Slice(row * Size.N, Size.N))
            largest = Math.Max(largest, Math.Abs(element));
        // What is no number is there, to be refused.
        return !(right >= Infinite * largest);
    }

    /// <summary>Notes what a row is; gives 1 if it is an inequality.</summary>
    private int Row(int row, int lane, double* right, double value, bool isThere, bool isFixed = false)
    {
        bool isInequality = isThere && !isFixed;
        right[row * Step] = isThere ? value : 0.0;
        at.Exists[(row * Step) + lane] = isThere ? 1.0 : 0.0;
        at.IsInequality[(row * Step) + lane] = isInequality ? 1.0 : 0.0;
        if (!isThere && row < Size.M)
            for (int j = 0; j < Size.N; j++)
                at.Block.Inequalities[((((long)row * Size.N) + j) * Step) + lane] = 0.0;
        return isInequality ? 1 : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put(ReadOnlySpan<double> from, double* to)
    {
        for (int i = 0; i < from.Length; i++)
            to[(long)i * Step] = from[i];
    }

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
            to[(((long)i * n) + j) * Step] = element;
            to[(((long)j * n) + i) * Step] = element;
        }
        IsSymmetric = isSymmetric;
    }
}

using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Takes solutions and certificates out of lanes, in the units of the data.</summary>
internal sealed unsafe class SolutionWriter<V, D>(QpInputs inputs, Embedding<V, D> at)
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private QpSize Size => inputs.Size;

    private static int Step => V.Count;

    /// <summary>Writes the best point of a lane, or the certificate that it is.</summary>
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
            bool isFixed = at.Exists[((first + i) * Step) + lane] != at.IsInequality[((first + i) * Step) + lane];
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
        (rows[first * Step], rows[second * Step]) = (rows[second * Step], rows[first * Step]);

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
        double* dual = point + ((Size.N + Size.P) * Step);
        for (int i = 0; i < Size.Rows; i++)
            if (at.IsInequality[(i * Step) + lane] != 0.0)
                margin = Math.Min(margin, Math.Max(slack[(i * Step) + lane], dual[(i * Step) + lane]));
        return margin;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int lane, double* point, int first, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = point[((first + i) * Step) + lane] * at.Block.Unit[((first + i) * Step) + lane];
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>One datum of all items, as float64.</summary>
/// <param name="Elements">All items, or one for all, where they are; null if there is no such datum.</param>
/// <param name="Converted">The same, where the elements are of another type.</param>
/// <param name="Stride">From one item to the next; 0 if shared.</param>
internal readonly record struct Datum(Buffer? Elements, double[]? Converted, int Stride)
{
    /// <summary>The part of an item; empty if there is no such datum. Whoever uses it keeps the data alive.</summary>
    public ReadOnlySpan<double> Of(int item, int length)
    {
        if (Elements is null)
            return [];
        ReadOnlySpan<double> all = Converted ?? Elements.Read<double>();
        return all.Slice(item * Stride, length);
    }
}

/// <summary>The data of all items.</summary>
internal sealed class QpInputs
{
    public QpInputs(QpForm form, ReadOnlySpan<Buffer> buffers)
    {
        Size = form.Size;
        var data = new Datum[QpForm.Data];
        int next = 0;
        for (int i = 0; i < data.Length; i++)
        {
            if (!form.Has(i))
            {
                data[i] = new Datum(null, null, 0);
                continue;
            }
            Buffer buffer = buffers[next++];
            data[i] = new Datum(
                buffer,
                buffer.DType == DType.Float64 ? null : Elements.ToDoubles(buffer),
                form.IsShared(i) ? 0 : buffer.Length / Math.Max(form.Items, 1)
            );
        }
        All = data;
        // What is not positive semidefinite by rounding of the data is taken as if it were.
        bool isSingle = buffers[0].DType == DType.Float32;
        ConvexityTolerance = isSingle ? 1e-5 : 1e-9;
        Rounding = isSingle ? 1e-6 : 1e-8;
    }

    public QpSize Size { get; }

    public double ConvexityTolerance { get; }

    /// <summary>What the matrices may be changed by, beside their size, in a certificate.</summary>
    public double Rounding { get; }

    private Datum[] All { get; }

    public Datum Quadratic => All[QpForm.Quadratic];

    public Datum Linear => All[QpForm.Linear];

    public Datum EqualityMatrix => All[QpForm.EqualityMatrix];

    public Datum EqualityRight => All[QpForm.EqualityRight];

    public Datum InequalityMatrix => All[QpForm.InequalityMatrix];

    public Datum InequalityRight => All[QpForm.InequalityRight];

    public Datum Lower => All[QpForm.Lower];

    public Datum Upper => All[QpForm.Upper];

    /// <summary>Whether an item's data are numbers: no NaN, and infinite only where a bound or a right side is none.</summary>
    public bool AreValid(int item)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        return AreFinite(Quadratic.Of(item, n * n))
            && AreFinite(Linear.Of(item, n))
            && AreFinite(EqualityMatrix.Of(item, p * n))
            && AreFinite(EqualityRight.Of(item, p))
            && AreFinite(InequalityMatrix.Of(item, m * n))
            && AreAbove(InequalityRight.Of(item, m), 1.0)
            && AreAbove(Lower.Of(item, n), -1.0)
            && AreAbove(Upper.Of(item, n), 1.0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        // x·0 is 0 for numbers only; vectors, since a sum of single elements waits for each addition.
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> sums = Vector<double>.Zero;
        foreach (Vector<double> vector in vectors)
            sums += vector * 0.0;
        double sum = Vector.Sum(sums);
        foreach (double value in values[(vectors.Length * Vector<double>.Count)..])
            sum += value * 0.0;
        return sum == 0.0;
    }

    /// <summary>Whether all are numbers and, times a sign, more than −∞.</summary>
    private static bool AreAbove(ReadOnlySpan<double> values, double sign)
    {
        foreach (double value in values)
            if (!(value * sign > double.NegativeInfinity))
                return false;
        return true;
    }
}

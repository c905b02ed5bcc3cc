using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>The Cholesky factors of few rows and columns, from which the terms of all columns before are subtracted already.</summary>
internal static unsafe class CholeskyCorner<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A [n, n], whose elements are vectors, → L in its lower triangle, and the inverses of L's diagonal. A lane whose pivot is not positive or not
    /// finite has 1 + its column, counted from <paramref name="first"/>, as its status unless it has one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int n, Matrix<T> a, V* inverses, int first, int* status)
    {
        for (int i = 0; i < n; i++)
        {
            T* row = a.Origin + (i * a.Row);
            T* other = a.Origin;
            T* element = row;
            for (int j = 0; j < i; j++, other += a.Row, element += a.Column)
                V.Store(Rest(j, row, other, a.Column) * inverses[j], element);
            V pivot = Rest(i, row, row, a.Column);
            V root = V.Sqrt(pivot);
            V.Store(root, element);
            inverses[i] = V.Of(1) / root;
            Note(pivot, first + i, status);
        }
    }

    /// <summary>x[j] − Σ_{p&lt;j} x[p]·y[p].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest(int j, T* x, T* y, nint column)
    {
        V sum = V.Load(x + (j * column));
        for (; j > 0; j--, x += column, y += column)
            sum = V.MultiplyAddNegated(V.Load(x), V.Load(y), sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Note(V pivot, int column, int* status)
    {
        V isGood = V.Less(V.Of(0), pivot) & V.Less(pivot, V.Of(double.PositiveInfinity));
        ulong failed = ~V.ToBits(isGood) & (ulong.MaxValue >> (64 - V.Count));
        for (int lane = 0; failed != 0; lane++, failed >>= 1)
        {
            if ((failed & 1) != 0 && status[lane] == 0)
                status[lane] = column + 1;
        }
    }
}

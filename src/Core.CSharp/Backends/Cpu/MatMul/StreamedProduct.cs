using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products of up to four terms, which are a matter of writing their results: past the caches, row by row as they lie. Each element is the chain of
/// multiply-adds that it is in <see cref="PanelProduct{V, T}"/>.
/// </summary>
internal static unsafe class StreamedProduct<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    public const int MostTerms = 4;

    /// <summary>C [m, n] = A [m, k] · B [k, n]; the rows of B and C are contiguous, and those of C follow each other.</summary>
    public static void Run(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, T* c)
    {
        if (k == 1)
            Rows<Size.One>(m, n, a, b, c);
        else if (k == 2)
            Rows<Size.Two>(m, n, a, b, c);
        else if (k == 3)
            Rows<Size.Three>(m, n, a, b, c);
        else
            Rows<Size.Four>(m, n, a, b, c);
        Streaming.End();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<K>(nint m, nint n, Matrix<T> a, Matrix<T> b, T* c)
        where K : unmanaged, ISize
    {
        T* x = a.Origin;
        for (nint i = 0; i < m; i++, x += a.Row, c += n)
        {
            V x0 = V.Broadcast(*x);
            V x1 = sizeof(K) < 2 ? x0 : V.Broadcast(x[a.Column]);
            V x2 = sizeof(K) < 3 ? x0 : V.Broadcast(x[2 * a.Column]);
            V x3 = sizeof(K) < 4 ? x0 : V.Broadcast(x[3 * a.Column]);
            nint whole = Math.Min(n, Streaming.ToLine(c) / sizeof(T));
            nint j = 0;
            for (; j < whole; j += V.Count)
                Lane.Store(Sum<K>(x0, x1, x2, x3, b, j, whole - j), c + j, whole - j);
            for (j = whole; j + V.Count <= n; j += V.Count)
                Streaming.Store(Sum<K>(x0, x1, x2, x3, b, j, V.Count), c + j);
            if (j < n)
                V.StorePart(Sum<K>(x0, x1, x2, x3, b, j, n - j), c + j, (int)(n - j));
        }
    }

    /// <summary>The elements of a row from column j on, of which so many are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum<K>(V x0, V x1, V x2, V x3, Matrix<T> b, nint j, nint left)
        where K : unmanaged, ISize
    {
        T* from = b.Origin + j;
        V sum = V.MultiplyAdd(x0, Lane.Load<V, T>(from, left), V.Of(0));
        if (sizeof(K) > 1)
            sum = V.MultiplyAdd(x1, Lane.Load<V, T>(from + b.Row, left), sum);
        if (sizeof(K) > 2)
            sum = V.MultiplyAdd(x2, Lane.Load<V, T>(from + (2 * b.Row), left), sum);
        if (sizeof(K) > 3)
            sum = V.MultiplyAdd(x3, Lane.Load<V, T>(from + (3 * b.Row), left), sum);
        return sum;
    }
}

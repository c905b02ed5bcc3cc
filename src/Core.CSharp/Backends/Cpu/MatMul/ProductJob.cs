namespace Implicit.Backends.Cpu;

/// <summary>A product cut into strips of rows, or of columns where there are more of them: no element's sum is cut.</summary>
internal readonly struct ProductJob<V, T, U>(
    bool isByLanes,
    nint m,
    nint n,
    nint k,
    Matrix<T> a,
    Matrix<T> b,
    Matrix<T> c
) : IJob
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
    where U : struct, IUpdate
{
    public void Run(int part, int parts)
    {
        if (isByLanes || m >= n)
            Rows((nint)Workers.Start(m, 5, part, parts), (nint)Workers.Start(m, 5, part + 1, parts));
        else
            Columns((nint)Workers.Start(n, 64, part, parts), (nint)Workers.Start(n, 64, part + 1, parts));
    }

    private void Rows(nint start, nint end)
    {
        if (start == end)
            return;
        if (isByLanes)
            MatrixProduct.ByLanes<V, T, U>(end - start, n, k, a.From(start, 0), b, c.From(start, 0));
        else
            PanelProduct<V, T>.Run<U>(end - start, n, k, a.From(start, 0), b, c.From(start, 0));
    }

    private void Columns(nint start, nint end)
    {
        if (start < end)
            PanelProduct<V, T>.Run<U>(m, end - start, k, a, b.From(0, start), c.From(0, start));
    }
}

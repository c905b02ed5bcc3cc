using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Some reflections at once: H₀·H₁⋯ = I − V·T·Vᵀ with T upper triangular, so that most of the work is products (Schreiber and Van Loan, "A
/// storage-efficient WY representation for products of Householder transformations", SIAM J. Sci. Stat. Comput. 10, 1989).
/// </summary>
/// <param name="count">How many reflections.</param>
/// <param name="m">The length of their vectors.</param>
/// <param name="vectors">Vᵀ [count, m], each vector from its place on, after zeros.</param>
/// <param name="row">Elements from a row of these, and of what is reflected, to the next.</param>
/// <param name="taus">The reflections' τ [count].</param>
internal readonly unsafe struct ReflectionBlock<V, T>(nint count, nint m, T* vectors, nint row, T* taus)
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>As many as pay: the more there are, the more of the work is done before the products.</summary>
    public const int Most = 16;

    /// <summary>
    /// Zeros [k, m] become rows, H₀·H₁⋯ applied to unit vectors: by the last block first, which leaves the rows before its own as they are.
    /// </summary>
    public static void Accumulate(nint k, nint m, T* vectors, T* taus, T* basis, nint row)
    {
        for (nint j = 0; j < k; j++)
            basis[(j * row) + j] = T.One;
        for (nint first = ((k + Most - 1) / Most * Most) - Most; first >= 0; first -= Most)
        {
            nint count = Math.Min(Most, k - first);
            nint corner = (first * row) + first;
            var block = new ReflectionBlock<V, T>(count, m - first, vectors + corner, row, taus + first);
            block.Apply(k - first, basis + corner, inOrder: false);
        }
    }

    /// <summary>Replaces each row xᵀ of [rows, m] by that of H₀·H₁⋯·x or, in order, of ⋯H₁·H₀·x.</summary>
    public void Apply(nint rows, T* x, bool inOrder)
    {
        if (rows == 0)
            return;
        using Workspace<T> columns = new(m * count);
        using Workspace<T> triangle = new(count * count);
        using Workspace<T> scaled = new(count * m);
        using Workspace<T> sums = new(rows * count);
        Matrix<T> v = new(columns.Pointer, count, 1);
        Matrix<T> y = new(scaled.Pointer, m, 1);
        Matrix<T> target = new(x, row, 1);
        Packing.Copy(m, count, new(vectors, 1, row), columns.Pointer);
        Triangle(v, triangle.Pointer);
        Matrix<T> t = new(triangle.Pointer, count, 1);
        PanelProduct<V, T>.Run<Update.Set>(count, m, count, inOrder ? t : t.Transposed, new(vectors, row, 1), y);
        PanelProduct<V, T>.Run<Update.Set>(rows, count, m, target, v, new(sums.Pointer, count, 1));
        PanelProduct<V, T>.Run<Update.Subtract>(rows, m, count, new(sums.Pointer, count, 1), y, target);
    }

    /// <summary>T: its column j is τⱼ·(eⱼ − T·Vᵀvⱼ), with the columns of T before it.</summary>
    private void Triangle(Matrix<T> v, T* t)
    {
        using Workspace<T> room = new(count * count);
        T* products = room.Pointer;
        PanelProduct<V, T>.Run<Update.Set>(count, count, m, new(vectors, row, 1), v, new(products, count, 1));
        new Span<T>(t, (int)(count * count)).Clear();
        for (nint j = 0; j < count; j++)
        {
            t[(j * count) + j] = taus[j];
            for (nint i = 0; i < j; i++)
            {
                T sum = T.Zero;
                for (nint l = i; l < j; l++)
                    sum += t[(i * count) + l] * products[(l * count) + j];
                t[(i * count) + j] = -taus[j] * sum;
            }
        }
    }
}

using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Dense linear algebra on problems side by side, matrices row-major. Of a symmetric matrix one triangle is read and written, of a factor the
/// same one; which one, and what stands on the diagonal of a factor, is up to the implementation.
/// </summary>
internal unsafe interface IDense<V>
    where V : unmanaged, ILanes<V, double>
{
    /// <summary>y ← M·x, or y + M·x; M [rows, columns].</summary>
    static abstract void Times(Sides sides, int rows, int columns, double* matrix, double* x, double* y, bool adds);

    /// <summary>y ← y + M'·x; M [rows, columns].</summary>
    static abstract void AddTransposedTimes(Sides sides, int rows, int columns, double* matrix, double* x, double* y);

    /// <summary>
    /// H [n, n] gains M'·diag(w)·M; M [rows, n], no w is negative, every w is 1 if null. There is room for M in <paramref name="scratch"/>.
    /// </summary>
    static abstract void AddGram(int rows, int n, double* matrix, double* w, double* h, double* scratch);

    /// <summary>H → its factor L, H = L·Lᵀ; gives the lanes in which a pivot is not positive.</summary>
    static abstract ulong Cholesky(int n, double* h);

    /// <summary>X ← L⁻¹·X, X [n, columns].</summary>
    static abstract void ForwardColumns(int n, int columns, double* factor, double* x);

    /// <summary>x ← L⁻¹·x, x [n].</summary>
    static abstract void Forward(Sides sides, int n, double* factor, double* x);

    /// <summary>x ← L⁻ᵀ·x, x [n].</summary>
    static abstract void Backward(Sides sides, int n, double* factor, double* x);

    /// <summary>M ← diag(left)·M·diag(right), and norms gain the largest elements: |M| by row and by column.</summary>
    static abstract void Scale(
        int rows,
        int columns,
        double* matrix,
        double* left,
        double* right,
        double* rowNorms,
        double* columnNorms
    );
}

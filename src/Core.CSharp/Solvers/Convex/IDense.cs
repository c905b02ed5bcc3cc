using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Dense linear algebra on problems side by side, matrices row-major.</summary>
internal unsafe interface IDense<V>
    where V : unmanaged, ILanes<V, double>
{
    /// <summary>y ← M·x, or y + M·x; M [rows, columns].</summary>
    static abstract void Times(int rows, int columns, double* matrix, double* x, double* y, bool adds);

    /// <summary>y ← y + M'·x; M [rows, columns].</summary>
    static abstract void AddTransposedTimes(int rows, int columns, double* matrix, double* x, double* y);

    /// <summary>The lower triangle of H [n, n] gains M'·diag(w)·M; M [rows, n]; every w is 1 if null.</summary>
    static abstract void AddGram(int rows, int n, double* matrix, double* w, double* h, double* scratch);

    /// <summary>H → L in its lower triangle; gives the lanes in which a pivot is not positive.</summary>
    static abstract ulong Cholesky(int n, double* h);

    /// <summary>x ← L⁻¹·x, x [n, columns].</summary>
    static abstract void Forward(int n, int columns, double* lower, double* x);

    /// <summary>x ← L⁻ᵀ·x, x [n].</summary>
    static abstract void Backward(int n, double* lower, double* x);

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

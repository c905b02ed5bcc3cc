using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// The least-squares solution of least norm of K·u = r for a singular K, by the eigenvectors of K (Golub and Van Loan 2013, §5.5.2):
/// slow, and only for degenerate items.
/// </summary>
internal static unsafe class LeastNorm
{
    /// <summary>Eigenvalues smaller than this beside the largest are zero.</summary>
    private const double Rank = 1e-10;

    /// <summary>Solves for one lane of right sides and solutions.</summary>
    public static void Solve(QpBlock block, int lane, double* right, double* solution)
    {
        QpBlock alone = block.Alone(lane);
        var scratch = new Scratch(1);
        double* r = scratch.Take(block.Size.Total);
        double* u = scratch.Take(block.Size.Total);
        for (int i = 0; i < block.Size.Total; i++)
            r[i] = right[(i * block.Lanes) + lane];
        VectorWidth.Run(new Solving(alone, r, u));
        for (int i = 0; i < block.Size.Total; i++)
            solution[(i * block.Lanes) + lane] = u[i];
        GC.KeepAlive(alone);
        GC.KeepAlive(scratch);
    }

    private readonly struct Solving(QpBlock block, double* right, double* solution) : IVectorWork
    {
        void IVectorWork.Run<D, F, L, B>() => Solve<D>(block, right, solution);
    }

    private static void Solve<W>(QpBlock block, double* right, double* solution)
        where W : unmanaged, ILanes<W, double>
    {
        int total = block.Size.Total;
        using Workspace<double> matrix = new((nint)total * total);
        using Workspace<double> vectors = new((nint)total * total);
        using Workspace<double> values = new(total);
        Fill(block, matrix.Pointer);
        int failed = SymmetricEigen<W, double>.Run(total, matrix.Pointer, values.Pointer, vectors.Pointer);
        if (failed != 0)
            throw new SolveException(
                "[qp] the optimality conditions are singular, and their eigenvalues were not found. Scale the data."
            );
        double largest = Math.Max(Math.Abs(values.Pointer[0]), Math.Abs(values.Pointer[total - 1]));
        new Span<double>(solution, total).Clear();
        for (int k = 0; k < total; k++)
        {
            if (Math.Abs(values.Pointer[k]) <= Rank * largest)
                continue;
            double weight = 0.0;
            for (int i = 0; i < total; i++)
                weight += vectors.Pointer[(i * (nint)total) + k] * right[i];
            weight /= values.Pointer[k];
            for (int i = 0; i < total; i++)
                solution[i] += weight * vectors.Pointer[(i * (nint)total) + k];
        }
    }

    /// <summary>K with zeros in the rows and columns of what is not active.</summary>
    private static void Fill(QpBlock block, double* k)
    {
        QpSize size = block.Size;
        (int n, int p, int m, int total) = (size.N, size.P, size.M, size.Total);
        new Span<double>(k, total * total).Clear();
        for (int i = 0; i < n && size.IsQuadratic; i++)
        for (int j = 0; j < n; j++)
            k[(i * total) + j] = block.Quadratic[(i * n) + j];
        for (int i = 0; i < p; i++)
        for (int j = 0; j < n; j++)
            Put(n + i, j, block.Equalities[(i * n) + j]);
        for (int i = 0; i < size.Rows; i++)
        {
            int row = n + p + i;
            if (i < m)
                for (int j = 0; j < n; j++)
                    Put(row, j, block.Live[i] * block.Inequalities[(i * n) + j]);
            else if (size.HasLower && i < m + n)
                Put(row, i - m, -block.Live[i]);
            else
                Put(row, i - m - size.LowerRows, block.Live[i]);
        }

        void Put(int row, int column, double value)
        {
            k[(row * total) + column] = value;
            k[(column * total) + row] = value;
        }
    }
}

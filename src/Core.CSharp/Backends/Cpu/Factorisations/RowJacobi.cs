using System.Numerics;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>Rotations that make the rows of a square matrix orthogonal (Hestenes 1958), cyclic, larger rows first (de Rijk 1989).</summary>
internal static unsafe class RowJacobi<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostSweeps = 60;

    /// <summary>
    /// Rotates the rows of X [n, n], of elements up to about 1, until their cosines are rounding errors, sorts them by length; J [n, n] becomes the product of
    /// the rotations, s [n] the lengths. Returns 0, or 1 without convergence.
    /// </summary>
    public static int Run(nint n, T* x, T* j, T* s)
    {
        new Span<T>(j, (int)(n * n)).Clear();
        for (nint i = 0; i < n; i++)
            j[i * n + i] = T.One;
        T tolerance = Precision.Of<T>() * T.Sqrt(T.CreateTruncating(n));
        int failed = 1;
        for (int sweep = 0; sweep < MostSweeps && failed != 0; sweep++)
            failed = Sweep(n, x, j, s, tolerance);
        for (nint i = 0; i < n; i++)
            s[i] = Rows<V, T>.Norm(x + i * n, n);
        for (nint i = 0; i + 1 < n; i++)
            Exchange(n, i, Longest(n, i, s), x, j, s);
        return failed;
    }

    /// <summary>Divides the rows by their lengths, and completes rows of length zero to an orthonormal set.</summary>
    public static void Normalise(nint n, T* x, T* s)
    {
        for (nint i = 0; i < n; i++)
        {
            if (s[i] > T.Zero)
                Rows<V, T>.Divide(s[i], x + i * n, n);
            else
                Complete(n, i, x);
        }
    }

    /// <summary>One rotation for every pair; 0 if none was needed.</summary>
    private static int Sweep(nint n, T* x, T* j, T* squares, T tolerance)
    {
        int rotated = 0;
        Measure(n, x, squares);
        for (nint p = 0; p + 1 < n; p++)
        {
            Exchange(n, p, Longest(n, p, squares), x, j, squares);
            for (nint q = p + 1; q < n; q++)
            {
                T product = Rows<V, T>.Dot(x + p * n, x + q * n, n);
                if (T.Abs(product) <= tolerance * T.Sqrt(squares[p]) * T.Sqrt(squares[q]))
                    continue;
                rotated = 1;
                Rotate(n, p, q, product, x, j, squares);
            }
        }
        return rotated;
    }

    /// <summary>Squared lengths; rows too short for squares to be normal numbers are nothing beside the longest, and cleared.</summary>
    private static void Measure(nint n, T* x, T* squares)
    {
        T least = T.Epsilon / (Precision.Of<T>() * Precision.Of<T>());
        for (nint i = 0; i < n; i++)
        {
            squares[i] = Rows<V, T>.Dot(x + i * n, x + i * n, n);
            if (!(squares[i] < least))
                continue;
            squares[i] = T.Zero;
            new Span<T>(x + i * n, (int)n).Clear();
        }
    }

    private static void Rotate(nint n, nint p, nint q, T product, T* x, T* j, T* squares)
    {
        T zeta = (squares[q] - squares[p]) / (product + product);
        T tangent = T.CopySign(T.One, zeta) / (T.Abs(zeta) + T.Hypot(T.One, zeta));
        T c = T.One / T.Sqrt(T.One + tangent * tangent);
        T s = c * tangent;
        Rows<V, T>.Rotate(c, s, x + p * n, x + q * n, n);
        Rows<V, T>.Rotate(c, s, j + p * n, j + q * n, n);
        squares[p] -= tangent * product;
        squares[q] = Rows<V, T>.Dot(x + q * n, x + q * n, n);
    }

    private static nint Longest(nint n, nint first, T* lengths)
    {
        nint longest = first;
        for (nint i = first + 1; i < n; i++)
            longest = lengths[i] > lengths[longest] ? i : longest;
        return longest;
    }

    private static void Exchange(nint n, nint p, nint q, T* x, T* j, T* lengths)
    {
        if (p == q)
            return;
        Rows<V, T>.Swap(x + p * n, x + q * n, n);
        Rows<V, T>.Swap(j + p * n, j + q * n, n);
        (lengths[p], lengths[q]) = (lengths[q], lengths[p]);
    }

    /// <summary>
    /// Row i: the first unit vector that the rows before leave a good part of, made orthogonal to them twice. Rows behind are zero
    /// as lengths descend.
    /// </summary>
    private static void Complete(nint n, nint i, T* x)
    {
        T* row = x + i * n;
        T enough = T.One / (T.CreateTruncating(2) * T.Sqrt(T.CreateTruncating(n)));
        for (nint axis = 0; axis < n; axis++)
        {
            new Span<T>(row, (int)n).Clear();
            row[axis] = T.One;
            for (nint pass = 0; pass < 2; pass++)
            {
                for (nint k = 0; k < i; k++)
                    Rows<V, T>.Add(-Rows<V, T>.Dot(x + k * n, row, n), x + k * n, row, n);
            }
            T length = Rows<V, T>.Norm(row, n);
            if (length < enough)
                continue;
            Rows<V, T>.Divide(length, row, n);
            return;
        }
    }
}

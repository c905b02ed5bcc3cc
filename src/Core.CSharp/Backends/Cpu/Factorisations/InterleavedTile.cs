using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A step of interleaved factorisations for R rows and C columns, at most four of each, in up to 16 sums: every element of a matrix is a vector, with a lane
/// for each matrix. X and Y lie as parts of one matrix do, or of its transpose.
/// </summary>
internal static unsafe class InterleavedTile<V, T, X, Y, C>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where X : struct, IOrder
    where Y : struct, IOrder
    where C : unmanaged, ISize
{
    /// <summary>
    /// x[i, k + j] −= Σ_{p&lt;k} x[i, p]·y[p, j]; then, if there are inverses of a diagonal, the substitution
    /// x[i, k + j] = (x[i, k + j] − Σ_{p&lt;j} x[i, k + p]·y[k + p, j])·inverse[j].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<R>(nint k, T* x, nint row, T* y, V* inverses)
        where R : unmanaged, ISize
    {
        T* at = x + (k * X.Across(row, V.Count));
        Load<R, Size.One>(at, row, out V s00, out V s01, out V s02, out V s03);
        Load<R, Size.Two>(at, row, out V s10, out V s11, out V s12, out V s13);
        Load<R, Size.Three>(at, row, out V s20, out V s21, out V s22, out V s23);
        Load<R, Size.Four>(at, row, out V s30, out V s31, out V s32, out V s33);
        for (; x != at; x += X.Across(row, V.Count), y += Y.Down(row, V.Count))
        {
            V y0 = V.Load(y);
            V y1 = sizeof(C) < 2 ? y0 : V.Load(y + Y.Across(row, V.Count));
            V y2 = sizeof(C) < 3 ? y0 : V.Load(y + (2 * Y.Across(row, V.Count)));
            V y3 = sizeof(C) < 4 ? y0 : V.Load(y + (3 * Y.Across(row, V.Count)));
            Subtract(V.Load(x), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
            if (sizeof(R) > 1)
                Subtract(V.Load(x + X.Down(row, V.Count)), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
            if (sizeof(R) > 2)
                Subtract(V.Load(x + (2 * X.Down(row, V.Count))), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
            if (sizeof(R) > 3)
                Subtract(V.Load(x + (3 * X.Down(row, V.Count))), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
        }
        Finish(y, row, inverses, s00, s01, s02, s03, at);
        if (sizeof(R) > 1)
            Finish(y, row, inverses, s10, s11, s12, s13, at + X.Down(row, V.Count));
        if (sizeof(R) > 2)
            Finish(y, row, inverses, s20, s21, s22, s23, at + (2 * X.Down(row, V.Count)));
        if (sizeof(R) > 3)
            Finish(y, row, inverses, s30, s31, s32, s33, at + (3 * X.Down(row, V.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(T* y, nint row, V* inverses, V s0, V s1, V s2, V s3, T* at)
    {
        if (inverses != null)
            Substitute(y, Y.Down(row, V.Count), Y.Across(row, V.Count), inverses, ref s0, ref s1, ref s2, ref s3);
        V.Store(s0, at);
        if (sizeof(C) > 1)
            V.Store(s1, at + X.Across(row, V.Count));
        if (sizeof(C) > 2)
            V.Store(s2, at + (2 * X.Across(row, V.Count)));
        if (sizeof(C) > 3)
            V.Store(s3, at + (3 * X.Across(row, V.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Substitute(T* y, nint down, nint across, V* inverses, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        s0 *= inverses[0];
        if (sizeof(C) > 1)
            s1 = V.MultiplyAddNegated(s0, V.Load(y + across), s1) * inverses[1];
        if (sizeof(C) > 2)
        {
            y += 2 * across;
            s2 = V.MultiplyAddNegated(s0, V.Load(y), s2);
            s2 = V.MultiplyAddNegated(s1, V.Load(y + down), s2) * inverses[2];
        }
        if (sizeof(C) > 3)
        {
            y += across;
            s3 = V.MultiplyAddNegated(s0, V.Load(y), s3);
            s3 = V.MultiplyAddNegated(s1, V.Load(y + down), s3);
            s3 = V.MultiplyAddNegated(s2, V.Load(y + (2 * down)), s3) * inverses[3];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(V x, V y0, V y1, V y2, V y3, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        s0 = V.MultiplyAddNegated(x, y0, s0);
        if (sizeof(C) > 1)
            s1 = V.MultiplyAddNegated(x, y1, s1);
        if (sizeof(C) > 2)
            s2 = V.MultiplyAddNegated(x, y2, s2);
        if (sizeof(C) > 3)
            s3 = V.MultiplyAddNegated(x, y3, s3);
    }

    /// <summary>The sums of row number I of R begin with what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<R, I>(T* at, nint row, out V s0, out V s1, out V s2, out V s3)
        where R : unmanaged, ISize
        where I : unmanaged, ISize
    {
        s0 = s1 = s2 = s3 = V.Of(0);
        if (sizeof(I) > sizeof(R))
            return;
        at += (sizeof(I) - 1) * X.Down(row, V.Count);
        s0 = V.Load(at);
        if (sizeof(C) > 1)
            s1 = V.Load(at + X.Across(row, V.Count));
        if (sizeof(C) > 2)
            s2 = V.Load(at + (2 * X.Across(row, V.Count)));
        if (sizeof(C) > 3)
            s3 = V.Load(at + (3 * X.Across(row, V.Count)));
    }
}

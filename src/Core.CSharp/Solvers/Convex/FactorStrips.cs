using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Substitution with Lᵀ = D·U, U with a unit diagonal, kept in strips of eight rows from their diagonal block on, as they are read: strips lie one
/// behind the other, in whole lines of memory. Where n is no multiple of eight, rows of zeros follow, and so must zeros the vectors.
/// </summary>
internal static unsafe class FactorStrips
{
    private const int Height = 8;

    /// <summary>Numbers in a vector of n.</summary>
    public static int Padded(int n) => (n + Height - 1) & -Height;

    /// <summary>Numbers in a factor.</summary>
    public static int Length(int n)
    {
        int strips = Padded(n) / Height;
        return Height * Height * strips * (strips + 1) / 2;
    }

    /// <summary>U and the inverses of D from the upper triangle Lᵀ [n, n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(int n, double* upper, double* strips, double* inverses)
    {
        int padded = Padded(n);
        using Workspace<double> near = new((nint)Height * padded);
        Lanewise<OneLane<double>>.Fill(padded, 0.0, inverses);
        for (int first = 0; first < padded; first += Height)
        {
            int width = padded - first;
            Lanewise<OneLane<double>>.Fill(Height * width, 0.0, near.Pointer);
            for (int i = first; i < Math.Min(first + Height, n); i++)
            {
                double* row = upper + ((long)i * n) + i;
                inverses[i] = 1.0 / *row;
                Lanewise<OneLane<double>>.Scale(
                    n - i - 1,
                    OneLane<double>.Of(inverses[i]),
                    row + 1,
                    near.Pointer + ((i - first) * (width + 1)) + 1
                );
            }
            Streaming.Copy(near.Pointer, strips, (nint)Height * width * sizeof(double));
            strips += Height * width;
        }
    }

    /// <summary>x ← L⁻¹·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<W>(int n, double* strips, double* inverses, double* x, Prefetching ahead)
        where W : unmanaged, ILanes<W, double>
    {
        double* end = x + Padded(n);
        double* start = x;
        for (int width = Padded(n); width > 0; width -= Height, x += Height)
        {
            ahead.Ask();
            ForwardCorner(strips, width, x);
            W x0 = W.Broadcast(-x[0]);
            W x1 = W.Broadcast(-x[1]);
            W x2 = W.Broadcast(-x[2]);
            W x3 = W.Broadcast(-x[3]);
            W x4 = W.Broadcast(-x[4]);
            W x5 = W.Broadcast(-x[5]);
            W x6 = W.Broadcast(-x[6]);
            W x7 = W.Broadcast(-x[7]);
            double* next = strips + (Height * width);
            strips += Height;
            for (double* to = x + Height; to < end; to += W.Count, strips += W.Count)
            {
                double* lower = strips + (4 * width);
                W even = W.MultiplyAdd(x0, W.Load(strips), W.Load(to));
                W odd = x4 * W.Load(lower);
                even = W.MultiplyAdd(x1, W.Load(strips + width), even);
                odd = W.MultiplyAdd(x5, W.Load(lower + width), odd);
                even = W.MultiplyAdd(x2, W.Load(strips + (2 * width)), even);
                odd = W.MultiplyAdd(x6, W.Load(lower + (2 * width)), odd);
                even = W.MultiplyAdd(x3, W.Load(strips + (3 * width)), even);
                odd = W.MultiplyAdd(x7, W.Load(lower + (3 * width)), odd);
                W.Store(even + odd, to);
            }
            strips = next;
        }
        Multiply<W>(start, end, inverses);
    }

    /// <summary>x ← L⁻ᵀ·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<W>(int n, double* strips, double* inverses, double* x, Prefetching ahead)
        where W : unmanaged, ILanes<W, double>
    {
        double* end = x + Padded(n);
        Multiply<W>(x, end, inverses);
        x = end;
        strips += Length(n);
        for (int width = Height; width <= Padded(n); width += Height)
        {
            x -= Height;
            strips -= Height * width;
            W s0 = W.Of(0.0);
            W s1 = s0;
            W s2 = s0;
            W s3 = s0;
            W s4 = s0;
            W s5 = s0;
            W s6 = s0;
            W s7 = s0;
            double* u = strips + Height;
            for (double* from = x + Height; from < end; from += W.Count, u += W.Count)
            {
                W xs = W.Load(from);
                double* lower = u + (4 * width);
                s0 = W.MultiplyAdd(W.Load(u), xs, s0);
                s1 = W.MultiplyAdd(W.Load(u + width), xs, s1);
                s2 = W.MultiplyAdd(W.Load(u + (2 * width)), xs, s2);
                s3 = W.MultiplyAdd(W.Load(u + (3 * width)), xs, s3);
                s4 = W.MultiplyAdd(W.Load(lower), xs, s4);
                s5 = W.MultiplyAdd(W.Load(lower + width), xs, s5);
                s6 = W.MultiplyAdd(W.Load(lower + (2 * width)), xs, s6);
                s7 = W.MultiplyAdd(W.Load(lower + (3 * width)), xs, s7);
            }
            x[0] -= W.Sum(s0);
            x[1] -= W.Sum(s1);
            x[2] -= W.Sum(s2);
            x[3] -= W.Sum(s3);
            x[4] -= W.Sum(s4);
            x[5] -= W.Sum(s5);
            x[6] -= W.Sum(s6);
            x[7] -= W.Sum(s7);
            ahead.Ask();
            BackwardCorner(strips, width, x);
        }
    }

    /// <summary>x ← U⁻ᵀ·x with a diagonal block; the newest element is the last to be taken off, for all others are there earlier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardCorner(double* u, nint width, double* x)
    {
        double x0 = -x[0];
        double* u1 = u + width;
        double x1 = -Fused(x0, u[1], x[1]);
        double* u2 = u1 + width;
        double x2 = -Fused(x1, u1[2], Fused(x0, u[2], x[2]));
        double* u3 = u2 + width;
        double x3 = -Fused(x2, u2[3], Fused(x1, u1[3], Fused(x0, u[3], x[3])));
        double* u4 = u3 + width;
        double x4 = -Fused(x3, u3[4], Fused(x2, u2[4], Fused(x1, u1[4], Fused(x0, u[4], x[4]))));
        double* u5 = u4 + width;
        double x5 = Fused(x2, u2[5], Fused(x1, u1[5], Fused(x0, u[5], x[5])));
        x5 = -Fused(x4, u4[5], Fused(x3, u3[5], x5));
        double* u6 = u5 + width;
        double x6 = Fused(x2, u2[6], Fused(x1, u1[6], Fused(x0, u[6], x[6])));
        x6 = -Fused(x5, u5[6], Fused(x4, u4[6], Fused(x3, u3[6], x6)));
        double x7 = Fused(x3, u3[7], Fused(x2, u2[7], Fused(x1, u1[7], Fused(x0, u[7], x[7]))));
        x7 = Fused(x6, u6[7], Fused(x5, u5[7], Fused(x4, u4[7], x7)));
        (x[1], x[2], x[3], x[4], x[5], x[6], x[7]) = (-x1, -x2, -x3, -x4, -x5, -x6, x7);
    }

    /// <summary>x ← U⁻¹·x with a diagonal block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardCorner(double* u, nint width, double* x)
    {
        double* u6 = u + (6 * width);
        double x7 = -x[7];
        double x6 = -Fused(x7, u6[7], x[6]);
        double* u5 = u6 - width;
        double x5 = -Fused(x6, u5[6], Fused(x7, u5[7], x[5]));
        double* u4 = u5 - width;
        double x4 = -Fused(x5, u4[5], Fused(x6, u4[6], Fused(x7, u4[7], x[4])));
        double* u3 = u4 - width;
        double x3 = -Fused(x4, u3[4], Fused(x5, u3[5], Fused(x6, u3[6], Fused(x7, u3[7], x[3]))));
        double* u2 = u3 - width;
        double x2 = Fused(x5, u2[5], Fused(x6, u2[6], Fused(x7, u2[7], x[2])));
        x2 = -Fused(x3, u2[3], Fused(x4, u2[4], x2));
        double* u1 = u2 - width;
        double x1 = Fused(x5, u1[5], Fused(x6, u1[6], Fused(x7, u1[7], x[1])));
        x1 = -Fused(x2, u1[2], Fused(x3, u1[3], Fused(x4, u1[4], x1)));
        double x0 = Fused(x4, u[4], Fused(x5, u[5], Fused(x6, u[6], Fused(x7, u[7], x[0]))));
        x0 = Fused(x1, u[1], Fused(x2, u[2], Fused(x3, u[3], x0)));
        (x[0], x[1], x[2], x[3], x[4], x[5], x[6]) = (x0, -x1, -x2, -x3, -x4, -x5, -x6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Fused(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<W>(double* x, double* end, double* by)
        where W : unmanaged, ILanes<W, double>
    {
        for (; x < end; x += W.Count, by += W.Count)
            W.Store(W.Load(x) * W.Load(by), x);
    }
}

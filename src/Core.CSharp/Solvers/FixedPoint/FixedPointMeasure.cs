using System.Numerics;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The measure of an iterate of z = f(z), float64 [2], in one pass over (z, f(z) − z): the norm of the residual, and what is allowed for it.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Tolerance">What is allowed.</param>
internal sealed record FixedPointMeasure(int Length, EquationTolerance Tolerance) : ItemLoop(Length)
{
    protected override int RoomFor => 0;

    protected override double Nanoseconds => 10.0 + (0.1 * Length);

    /// <summary>The measure as an operation.</summary>
    /// <param name="z">[n], n at least 1.</param>
    /// <param name="residual">[n], f(z) − z.</param>
    /// <param name="tolerance">What is allowed.</param>
    public static Tensor Of(Tensor z, Tensor residual, EquationTolerance tolerance)
    {
        var meaning = Function.TraceClosed(
            "measure",
            [z.Type, residual.Type],
            all =>
                [
                    Tensor.Cast(
                        Tensor.Stack([Tensor.Norm(all[1]), tolerance.For(all[0], all[1], Tensor.Norm(all[1]))]),
                        DType.Float64
                    ),
                ]
        );
        var op = new FusedOp(meaning, new FixedPointMeasure(z.Length, tolerance));
        return Tensor.ApplyMany(op, [z, residual])[0];
    }

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        double least = Tolerance.Absolute * Math.Sqrt(Length);
        for (int item = start; item < end; item++)
        {
            Span<double> measure = outputs.Of<double>(0, item, 2);
            (double norm, double size) = Squares(inputs.Of(1, item), inputs.Of(0, item));
            (measure[0], measure[1]) = (Math.Sqrt(norm), least + (Tolerance.Relative * Math.Sqrt(size)));
        }
    }

    private static (double OfResidual, double OfImage) Squares<T>(ReadOnlySpan<T> residual, ReadOnlySpan<T> z)
        where T : unmanaged, INumber<T>
    {
        (double norm, double size) = LaneSums<T, T>.Squares(residual, z);
        return LaneSums<T, T>.IsInRange(norm) && LaneSums<T, T>.IsInRange(size)
            ? (norm, size)
            : LaneSums<T, double>.Squares(residual, z);
    }
}

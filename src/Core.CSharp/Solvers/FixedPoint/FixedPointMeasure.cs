using System.Numerics;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The measure of an iterate of z = f(z), float64 [2], in one pass over z and either f(z) − z or f(z): the norm of the residual, and what is allowed
/// for it.
/// </summary>
/// <param name="Length">The length of z.</param>
/// <param name="Tolerance">What is allowed.</param>
/// <param name="IsOfImage">Whether f(z) is given, rather than f(z) − z.</param>
internal sealed record FixedPointMeasure(int Length, EquationTolerance Tolerance, bool IsOfImage) : ItemLoop(Length)
{
    protected override int RoomFor => 0;

    protected override double Nanoseconds => 10.0 + (0.1 * Length);

    /// <summary>The measure as an operation.</summary>
    /// <param name="z">[n], n at least 1.</param>
    /// <param name="residual">[n], f(z) − z.</param>
    /// <param name="tolerance">What is allowed.</param>
    public static Tensor Of(Tensor z, Tensor residual, EquationTolerance tolerance) =>
        Of(z, residual, new FixedPointMeasure(z.Length, tolerance, IsOfImage: false));

    /// <summary>The measure as an operation.</summary>
    /// <param name="z">[n], n at least 1.</param>
    /// <param name="image">[n], f(z).</param>
    /// <param name="tolerance">What is allowed.</param>
    public static Tensor OfImage(Tensor z, Tensor image, EquationTolerance tolerance) =>
        Of(z, image, new FixedPointMeasure(z.Length, tolerance, IsOfImage: true));

    private static Tensor Of(Tensor z, Tensor other, FixedPointMeasure measure)
    {
        var meaning = Function.TraceClosed("measure", [z.Type, other.Type], all => [measure.Meaning(all[0], all[1])]);
        return Tensor.ApplyMany(new FusedOp(meaning, measure), [z, other])[0];
    }

    private Tensor Meaning(Tensor z, Tensor other)
    {
        Tensor residual = IsOfImage ? other - z : other;
        Tensor norm = Tensor.Norm(residual);
        return Tensor.Cast(Tensor.Stack([norm, Tolerance.For(z, residual, norm)]), DType.Float64);
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
            (double norm, double size) = IsOfImage
                ? Squares<T, DifferenceAndFirst>(inputs.Of(1, item), inputs.Of(0, item))
                : Squares<T, FirstAndSum>(inputs.Of(1, item), inputs.Of(0, item));
            (measure[0], measure[1]) = (Math.Sqrt(norm), least + (Tolerance.Relative * Math.Sqrt(size)));
        }
    }

    /// <summary>The squares of the norms of the residual and of f(z).</summary>
    private static (double OfResidual, double OfImage) Squares<T, TPair>(ReadOnlySpan<T> other, ReadOnlySpan<T> z)
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        (double norm, double size) = LaneSums<T, T>.Squares<TPair>(other, z);
        return LaneSums<T, T>.IsInRange(norm) && LaneSums<T, T>.IsInRange(size)
            ? (norm, size)
            : LaneSums<T, double>.Squares<TPair>(other, z);
    }
}

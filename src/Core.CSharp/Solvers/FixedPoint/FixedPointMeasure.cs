using System.Numerics;
using System.Runtime.Intrinsics;
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
    /// <summary>What is allowed of a residual beside f(z) = 0.</summary>
    private readonly double least = Tolerance.Absolute * Math.Sqrt(Length);

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
        Tensor norm = WideNorm.Of(residual);
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
        if (IsOfImage)
            Measure<T, DifferenceAndFirst>(inputs, outputs, start, end);
        else
            Measure<T, FirstAndSum>(inputs, outputs, start, end);
    }

    private void Measure<T, TPair>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int start, int end)
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        int item = start;
        for (; item <= end - 4; item += 4)
            if (!MeasureFour<T, TPair>(inputs, outputs, item))
                for (int i = item; i < item + 4; i++)
                    MeasureOne<T, TPair>(inputs, outputs, i);
        for (; item < end; item++)
            MeasureOne<T, TPair>(inputs, outputs, item);
    }

    /// <summary>Four items at once, unless a square may be out of the range of the vectors' type.</summary>
    private bool MeasureFour<T, TPair>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item)
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        (Vector256<double> norms, Vector256<double> sizes) = LaneSums<T, T>.SquaresOfFour<TPair>(
            inputs.Of<T>(1, item, Length, 4),
            inputs.Of<T>(0, item, Length, 4)
        );
        if (!AreInRange<T>(norms) || !AreInRange<T>(sizes))
            return false;
        norms = Vector256.Sqrt(norms);
        Vector256<double> allowed =
            Vector256.Create(least) + (Vector256.Create(Tolerance.Relative) * Vector256.Sqrt(sizes));
        Span<double> measures = outputs.Of<double>(0, item, 2, 4);
        for (int i = 0; i < 4; i++)
            (measures[2 * i], measures[(2 * i) + 1]) = (norms[i], allowed[i]);
        return true;
    }

    private void MeasureOne<T, TPair>(in ItemVectors<T> inputs, in ItemVectors<T> outputs, int item)
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        (double norm, double size) = Norms<T, TPair>(inputs.Of(1, item), inputs.Of(0, item));
        Span<double> measure = outputs.Of<double>(0, item, 2);
        (measure[0], measure[1]) = (norm, least + (Tolerance.Relative * size));
    }

    /// <summary>The norms of the residual and of f(z).</summary>
    private static (double OfResidual, double OfImage) Norms<T, TPair>(ReadOnlySpan<T> other, ReadOnlySpan<T> z)
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        (double norm, double size) = LaneSums<T, T>.Squares<TPair>(other, z);
        bool isExact = norm == 0.0 && TPair.IsFirstZero(other, z);
        if (!(isExact || LaneSums<T, T>.IsInRange(norm)) || !LaneSums<T, T>.IsInRange(size))
            (norm, size) = LaneSums<T, double>.Squares<TPair>(other, z);
        return (isExact || WideNorm.IsSound(norm)) && WideNorm.IsSound(size)
            ? (Math.Sqrt(norm), Math.Sqrt(size))
            : ScaledNorms<T, TPair>(other, z, new(norm), new(size));
    }

    /// <summary>The same of numbers whose squares may leave the range of double.</summary>
    private static (double OfResidual, double OfImage) ScaledNorms<T, TPair>(
        ReadOnlySpan<T> other,
        ReadOnlySpan<T> z,
        WideNorm.Scaled ofResidual,
        WideNorm.Scaled ofImage
    )
        where T : unmanaged, INumber<T>
        where TPair : IPair
    {
        for (int i = 0; i < z.Length; i++)
        {
            (T residual, T image) = TPair.Of(other[i], z[i]);
            ofResidual.Add(residual);
            ofImage.Add(image);
        }
        return (ofResidual.Norm, ofImage.Norm);
    }

    private static bool AreInRange<T>(Vector256<double> squares)
        where T : unmanaged, INumber<T> => LaneSums<T, T>.AreInRange(squares) && WideNorm.AreSound(squares);
}

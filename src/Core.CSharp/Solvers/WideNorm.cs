using System.Numerics;
using System.Runtime.Intrinsics;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Linear;

namespace Implicit.Solvers;

/// <summary>
/// The norm of a vector that may be so short or so long that the squares of its elements leave the range of their type: what tells whether a solver has
/// found what it looks for must be neither 0 nor infinite because of that.
/// </summary>
/// <param name="Length">The length of the vector.</param>
internal sealed record WideNorm(int Length) : ItemLoop(Length)
{
    // Beside a sum of this size what squares have lost below the normal range is less than rounding.
    private const double Least = 1e-280;
    private const double Most = 1e300;

    /// <summary>2⁻⁶⁰⁰, so that what is multiplied by it is not rounded.</summary>
    private const double Small = 2.409919865102884e-181;

    protected override int RoomFor => 0;

    protected override double Nanoseconds => 10.0 + (0.1 * Length);

    /// <summary>Whether a sum of squares, added up in double, has lost nothing at either end of the range.</summary>
    public static bool IsSound(double square) => square is > Least and < Most;

    /// <summary>The same of four.</summary>
    public static bool AreSound(Vector256<double> squares) =>
        Vector256.GreaterThanAll(squares, Vector256.Create(Least))
        && Vector256.LessThanAll(squares, Vector256.Create(Most));

    /// <summary>√Σx² as an operation.</summary>
    /// <param name="x">[n].</param>
    public static Tensor Of(Tensor x)
    {
        if (x.Length == 0)
            return Tensor.Norm(x);
        var meaning = Function.TraceClosed("norm", [x.Type], all => [Tensor.ScaledNorm(all[0])]);
        return Tensor.ApplyMany(new FusedOp(meaning, new WideNorm(x.Length)), [x])[0];
    }

    protected override void Steps<T>(
        in ItemVectors<T> inputs,
        in ItemVectors<T> outputs,
        int start,
        int end,
        Span<double> room
    )
    {
        for (int item = start; item < end; item++)
            outputs.Of<T>(0, item, 1)[0] = T.CreateTruncating(Norm<T>(inputs.Of(0, item)));
    }

    private static double Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, INumber<T>
    {
        double square = LaneSums<T, T>.Dot(x, x);
        if (!LaneSums<T, T>.IsInRange(square))
            square = LaneSums<T, double>.Dot(x, x);
        if (IsSound(square))
            return Math.Sqrt(square);
        var scaled = new Scaled(square);
        foreach (T element in x)
            scaled.Add(element);
        return scaled.Norm;
    }

    /// <summary>The norm of numbers whose squares may leave the range of double, on its way: they are multiplied by a power of 2 before.</summary>
    /// <param name="square">The sum of their squares, as far as it is one: it tells where the numbers that matter are.</param>
    public struct Scaled(double square)
    {
        private readonly double factor =
            square <= Least ? 1.0 / Small
            : square >= Most ? Small
            : 1.0;

        private double sum;

        /// <summary>The norm of what was added.</summary>
        public readonly double Norm => Math.Sqrt(sum) / factor;

        public void Add<T>(T number)
            where T : INumber<T>
        {
            double scaled = factor * double.CreateTruncating(number);
            sum += scaled * scaled;
        }
    }
}

using Implicit.Kernels;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>Random scalar expressions that stay finite: all floating-point values are brought back into [−1, 1].</summary>
internal sealed class Bodies(System.Random random, DType floating, int inputs, int rank)
{
    public static DType InputType(DType floating, int position) =>
        (position % 4) switch
        {
            2 => DType.Int64,
            3 => DType.Bool,
            _ => floating,
        };

    public Scalar Float(int depth) =>
        (depth <= 0 ? random.Next(2) : random.Next(9)) switch
        {
            0 => Input(floating),
            1 => new Scalar.Constant(random.Next(-8, 9) / 8.0, floating),
            2 or 3 => Float(depth - 1)
                .Apply(
                    Pick(
                        UnaryIntrinsic.Negate,
                        UnaryIntrinsic.Abs,
                        UnaryIntrinsic.Sin,
                        UnaryIntrinsic.Cos,
                        UnaryIntrinsic.Tanh
                    )
                ),
            4 => new Scalar.Select(Truth(depth - 1), Float(depth - 1), Float(depth - 1)),
            5 => new Scalar.Cast(Truth(depth - 1), floating),
            6 => new Scalar.Cast(Whole(depth - 1), floating).Apply(UnaryIntrinsic.Sin),
            7 => Shared(Float(depth - 1)),
            _ => new Scalar.Binary(
                Pick(
                    BinaryIntrinsic.Add,
                    BinaryIntrinsic.Subtract,
                    BinaryIntrinsic.Multiply,
                    BinaryIntrinsic.Minimum,
                    BinaryIntrinsic.Maximum
                ),
                Float(depth - 1),
                Float(depth - 1)
            ).Apply(UnaryIntrinsic.Sin),
        };

    public Scalar Whole(int depth) =>
        (depth <= 0 ? random.Next(3) : random.Next(6)) switch
        {
            0 => Input(DType.Int64),
            1 => new Scalar.Constant(random.Next(-9, 10), DType.Int64),
            2 => rank == 0 ? new Scalar.Constant(2, DType.Int64) : new Scalar.Index(random.Next(rank)),
            3 => Whole(depth - 1).Apply(Pick(UnaryIntrinsic.Negate, UnaryIntrinsic.Abs, UnaryIntrinsic.Sign)),
            4 => new Scalar.Select(Truth(depth - 1), Whole(depth - 1), Whole(depth - 1)),
            _ => new Scalar.Binary(
                Pick(BinaryIntrinsic.Add, BinaryIntrinsic.Subtract, BinaryIntrinsic.Minimum, BinaryIntrinsic.Maximum),
                Whole(depth - 1),
                Whole(depth - 1)
            ),
        };

    public Scalar Truth(int depth) =>
        (depth <= 0 ? 0 : random.Next(5)) switch
        {
            0 => Input(DType.Bool),
            1 => Truth(depth - 1).Apply(UnaryIntrinsic.Not),
            2 => new Scalar.Binary(Pick(BinaryIntrinsic.And, BinaryIntrinsic.Or), Truth(depth - 1), Truth(depth - 1)),
            // Comparisons of computed floats could flip on a last bit; of inputs and of whole numbers they cannot.
            3 => new Scalar.Binary(Comparison(), Input(floating), Input(floating)),
            _ => new Scalar.Binary(Comparison(), Whole(depth - 1), Whole(depth - 1)),
        };

    private static Scalar Shared(Scalar a) => (a * a).Apply(UnaryIntrinsic.Cos);

    private Scalar Input(DType dtype)
    {
        int first =
            dtype == DType.Int64 ? 2
            : dtype == DType.Bool ? 3
            : random.Next(2);
        int position = first + (4 * random.Next(inputs / 4));
        return new Scalar.Input(position, dtype);
    }

    private BinaryIntrinsic Comparison() =>
        (BinaryIntrinsic)random.Next((int)BinaryIntrinsic.Equal, (int)BinaryIntrinsic.GreaterOrEqual + 1);

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}

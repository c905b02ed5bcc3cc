using FsCheck;
using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Testing;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;
using Reduction = Implicit.Kernels.Reduction;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>Machine code gives the interpreter's bits, at every width, for every body and layout.</summary>
public sealed class EmittedKernelTests
{
    private const int Inputs = 8;

    [Property(MaxTest = 300)]
    public void Maps_have_the_interpreters_bits(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = MapTests.RandomShape(random);
        Scalar body = RandomBody(new Bodies(random, floating, Inputs, domain.Rank), random);
        var builder = new ProgramBuilder();
        var operands = new Sample(random, builder, floating, domain, Inputs);
        (IndexMap map, int length) = Layout.Of(random.Next(4) * 2, domain);
        if (map.IsUniform(domain))
            (map, length) = Layout.Of(0, domain);
        int output = builder.Output(body.DType, length);
        builder.Then(new Map(domain, body, operands.Operands, new Operand(output, map)));
        AssertEqualBits(builder);
    }

    [Property(MaxTest = 300)]
    public void Reductions_have_the_interpreters_bits(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = MapTests.RandomShape(random);
        int kept = random.Next(domain.Rank + 1);
        bool isEmpty = domain.Skip(kept).Length == 0;
        var reduction = (Reduction)random.Next(isEmpty ? 2 : 6);
        var bodies = new Bodies(random, floating, Inputs, domain.Rank);
        Scalar body = random.Next(3) == 0 ? bodies.Whole(3) : bodies.Float(4);
        var builder = new ProgramBuilder();
        var operands = new Sample(random, builder, floating, domain, Inputs);
        Shape rows = domain.Take(kept);
        (IndexMap map, int length) = Layout.Of(random.Next(2) * 6, rows);
        DType result = reduction >= Reduction.ArgMinimum ? DType.Int64 : body.DType;
        int output = builder.Output(result, length);
        builder.Then(new Reduce(domain, kept, reduction, body, operands.Operands, new Operand(output, map)));
        AssertEqualBits(builder);
    }

    /// <summary>Columns that lie side by side, so many that a block holds no two rows, or just some.</summary>
    [Property(MaxTest = 100)]
    public void Sums_across_rows_have_the_interpreters_bits(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = [random.Next(2) == 0 ? random.Next(200, 300) : random.Next(400, 1100), random.Next(2, 100)];
        var bodies = new Bodies(random, floating, Inputs, domain.Rank);
        Scalar body = random.Next(3) == 0 ? bodies.Whole(3) : bodies.Float(4);
        var builder = new ProgramBuilder();
        var operands = new Sample(random, builder, floating, domain, Inputs, 3, 4, 5);
        int output = builder.Output(body.DType, domain[0]);
        var result = new Operand(output, IndexMap.Contiguous([domain[0]]));
        builder.Then(new Reduce(domain, 1, (Reduction)random.Next(4), body, operands.Operands, result));
        AssertEqualBits(builder);
    }

    private static Scalar RandomBody(Bodies bodies, System.Random random) =>
        random.Next(4) switch
        {
            0 => bodies.Whole(4),
            1 => bodies.Truth(4),
            _ => bodies.Float(5),
        };

    private static void AssertEqualBits(ProgramBuilder builder)
    {
        double[] expected = Result(builder, bits: 0);
        foreach (int bits in new[] { 64, 128, 256, 512 })
            Assert.Equal(expected, Result(builder, bits), (a, b) => Bits(a) == Bits(b));
    }

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);

    private static double[] Result(ProgramBuilder builder, int bits)
    {
        var executable = (CpuExecutable)builder.Prepare();
        if (bits > 0)
            executable.Emit(bits);
        Buffer?[] results = builder.AllocateOutputs();
        foreach (Buffer? result in results)
            result!.Clear();
        builder.Run(executable, results);
        return TestElements.Of(results[0]!);
    }
}

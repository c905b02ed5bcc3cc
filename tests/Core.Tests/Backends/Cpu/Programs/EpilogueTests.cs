using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Testing;
using Implicit.Tests.Backends.Cpu.Emission;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class EpilogueTests
{
    private const int Inputs = 8;

    [Property(MaxTest = 100)]
    public void An_epilogue_gives_the_bits_of_a_map_behind_the_product(int seed)
    {
        double[] expected = Results(seed, isJoined: false, bits: 0);
        foreach (int bits in new[] { 0, 128, 256, 512 })
            Assert.Equal(expected, Results(seed, isJoined: true, bits), SameBits.Instance);
    }

    /// <summary>A random body over the elements of a product, in one kernel with it or in another.</summary>
    private static double[] Results(int seed, bool isJoined, int bits)
    {
        var random = new System.Random(seed);
        DType dtype = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape batch = Pick<Shape>(random, [], [1], [3], [2, 3], [0]);
        int m = Pick(random, 1, 3, 20, 211);
        int k = Pick(random, 0, 1, 7, 40);
        int n = Pick(random, 1, 2, 9, 50, 67, 300);
        var builder = new ProgramBuilder();
        (Operand a, _) = MatMulTests.Random(random, builder, dtype, batch, m, k);
        (Operand b, _) = MatMulTests.Random(random, builder, dtype, batch, k, n);
        Shape whole = batch.Concat([m, n]);
        Shape domain = Pick(random, whole, [batch.Length * m, n], [batch.Length, m * n]);
        Operand[] inputs = new Sample(random, builder, dtype, domain, Inputs).Operands.ToArray();
        var bodies = new Bodies(random, dtype, Inputs, domain.Rank);
        Scalar body = (new Scalar.Input(0, dtype) * bodies.Float(3)) + bodies.Float(3);
        int output = builder.Output(dtype, whole.Length);
        int sums = isJoined ? output : builder.Temporary(dtype, whole.Length);
        inputs[0] = new Operand(sums, IndexMap.Contiguous(domain));
        var map = new Map(domain, body, [.. inputs], new Operand(output, IndexMap.Contiguous(domain)));
        var product = new MatMul(batch, m, k, n, a, b, new Operand(sums, IndexMap.Contiguous(whole)));
        builder = isJoined ? builder.Then(product with { Epilogue = map }) : builder.Then(product).Then(map);
        Verifier.Check(builder.Build());
        var executable = (CpuExecutable)builder.Prepare();
        if (bits > 0)
            executable.Emit(bits);
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(executable, results);
        return TestElements.Of(results[0]!);
    }

    private static T Pick<T>(System.Random random, params T[] choices) => choices[random.Next(choices.Length)];
}

using FsCheck;
using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Schedule;
using Implicit.Testing;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>Emitted plans give the interpreter's bits on graphs of every operation, view and element type; NaNs are one another's equals.</summary>
public sealed class RandomGraphTests
{
    private const int MostSteps = 8;
    private static readonly CpuBackend Backend = new();

    private static readonly Shape[] Shapes =
    [
        [],
        [1],
        [2],
        [3],
        [8],
        [17],
        [5, 4],
        [1, 6],
        [20, 2],
        [2, 3, 4],
        [9, 33],
        [3, 300],
        [1100],
    ];

    private static readonly double[] Special =
    [
        0.0,
        -0.0,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        1e-310,
        1e-40,
        1e300,
        -1.0,
        0.5,
    ];

    [Property(MaxTest = 5000)]
    public void Emitted_and_interpreted_agree_on_tiny_tensors(int seed, int[] steps) =>
        Compare(seed, steps, Shapes[..9]);

    [Property(MaxTest = 5000)]
    public void Emitted_and_interpreted_agree_on_all_shapes(int seed, int[] steps) => Compare(seed, steps, Shapes);

    /// <summary>Rows from the last to the first lie before the place where they begin, in the checked mode too.</summary>
    [Fact]
    public void Rows_in_reverse_stay_inside() => Compare(-8, [-2, -3, 11, -4], Shapes);

    private static void Compare(int seed, int[] steps, Shape[] shapes)
    {
        var random = new System.Random(seed + steps.Sum());
        Shape full = shapes[random.Next(shapes.Length)];
        TensorType[] types = InputTypes(full);
        Function function = Function.TraceClosed(
            "test",
            types,
            x => new RandomGraph(full, x).Results(steps.Take(MostSteps))
        );
        Plan plan = Plan.For(function.Structure);
        Buffer[] inputs = Array.ConvertAll(types, type => RandomBuffer(random, type));
        var executable = (CpuExecutable)Backend.Prepare(plan.Program);
        double[][] interpreted = Run(executable, plan, inputs);
        int bits = 128 << random.Next(3);
        AccessCheck.IsEnabled = random.Next(2) == 0;
        executable.Emit(bits);
        double[][] emitted = Run(executable, plan, inputs);
        for (int i = 0; i < emitted.Length; i++)
            Assert.True(
                interpreted[i].AsSpan().SequenceEqual(emitted[i], SameBits.Instance),
                $"Result {i} differs with vectors of {bits} bits: {string.Join(' ', interpreted[i].Take(8))} …, emitted "
                    + $"{string.Join(' ', emitted[i].Take(8))} …, of\n{plan.Program}"
            );
    }

    private static TensorType[] InputTypes(Shape full)
    {
        Shape last = full.Rank == 0 ? [] : [full[full.Rank - 1]];
        return
        [
            new(DType.Float64, full),
            new(DType.Float32, full),
            new(DType.Float64, []),
            new(DType.Float64, last),
            new(DType.Float32, last),
            new(DType.Int64, full),
            new(DType.Bool, full),
        ];
    }

    private static Buffer RandomBuffer(System.Random random, TensorType type) =>
        TestElements.Buffer(
            Backend,
            type.DType,
            [
                .. Enumerable
                    .Range(0, type.Shape.Length)
                    .Select(_ =>
                        type.DType is DType.Int64 or DType.Bool ? random.Next(-3, 4)
                        : random.Next(20) == 0 ? Special[random.Next(Special.Length)]
                        : (4.0 * random.NextDouble()) - 2.0
                    ),
            ]
        );

    private static double[][] Run(CpuExecutable executable, Plan plan, Buffer[] inputs)
    {
        Buffer?[] outputs = Array.ConvertAll(
            plan.Outputs,
            type => (Buffer?)Backend.Allocate(type.DType, type.Shape.Length)
        );
        executable.Run(inputs, [], outputs);
        return Array.ConvertAll(outputs, output => TestElements.Of(output!));
    }
}

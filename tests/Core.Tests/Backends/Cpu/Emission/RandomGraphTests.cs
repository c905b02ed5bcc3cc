using FsCheck;
using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Testing;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// Emitted plans give the interpreter's bits on graphs of every operation, view and element type, and fused ones those of plans that were not
/// fused; NaNs are one another's equals.
/// </summary>
public sealed class RandomGraphTests
{
    private const int MostSteps = 8;

    internal static readonly IReadOnlyList<Func<Program, Program>> Unfused =
    [
        InlineConstants.Run,
        DeadKernels.Run,
        PlanMemory.Run,
    ];

    /// <summary>All passes; what only pays for large tensors is done to these as well.</summary>
    internal static readonly IReadOnlyList<Func<Program, Program>> Fused =
    [
        .. Passes.All.Select(pass => pass == CondenseEarly.Run ? program => CondenseEarly.Run(program, near: 0) : pass),
    ];

    internal static readonly CpuBackend Backend = new();

    internal static readonly Shape[] Shapes =
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

    /// <summary>
    /// Fusion changes one thing: a product and the sum that is its only use become a multiply-add, which rounds once instead of twice. With those
    /// taken apart, both plans have the same bits. In which order floats are summed depends on how they lie, so the sums are of whole numbers here.
    /// </summary>
    [Property(MaxTest = 10_000)]
    public void Fused_and_unfused_agree(int seed, int[] steps)
    {
        var random = new System.Random(seed + steps.Sum());
        Shape full = Shapes[random.Next(Shapes.Length)];
        TensorType[] types = InputTypes(full);
        Structure structure = Traced(full, types, steps, isExact: true).Structure;
        Buffer[] inputs = Array.ConvertAll(types, type => RandomBuffer(random, type));
        Plan fused = MultiplyAdds.TakenApart(Plan.For(structure, Fused));
        Plan plain = MultiplyAdds.TakenApart(Plan.For(structure, Unfused));
        double[][] expected = Run(plain, inputs);
        double[][] actual = Run(fused, inputs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                expected[i].AsSpan().SequenceEqual(actual[i], SameBits.Instance),
                $"Result {i}: {string.Join(' ', expected[i].Take(8))} …, fused {string.Join(' ', actual[i].Take(8))} …, of\n"
                    + $"{plain.Program}\nfused\n{fused.Program}"
            );
    }

    /// <summary>A new operation must be made by the generator, or it would be fused and emitted untested.</summary>
    [Fact]
    public void The_graphs_have_every_operation()
    {
        var missing = typeof(Op)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract && !IsDriver(type) && !IsLeaf(type))
            .ToHashSet();
        var random = new System.Random(1);
        for (int i = 0; i < 20_000 && missing.Count > 0; i++)
        {
            Shape full = Shapes[random.Next(Shapes.Length)];
            int[] steps = [.. Enumerable.Range(0, MostSteps).Select(_ => random.Next())];
            foreach (Structure.Node node in Traced(full, InputTypes(full), steps, isExact: false).Structure.Nodes)
                missing.Remove(node.Op.GetType());
        }
        Assert.Empty(missing.Select(type => type.Name));

        // Loops and solvers are host functions, which call plans of their own.
        static bool IsDriver(Type type) =>
            type.Namespace is { } space
            && new[] { "Control", "Linear", "Solvers" }.Any(layer => space.StartsWith($"Implicit.{layer}"));

        static bool IsLeaf(Type type) =>
            type == typeof(DataOp) || type == typeof(LiteralOp) || type == typeof(ParameterOp);
    }

    private static Function Traced(Shape full, TensorType[] types, int[] steps, bool isExact) =>
        Function.TraceClosed("test", types, x => new RandomGraph(full, x, isExact).Results(steps.Take(MostSteps)));

    private static void Compare(int seed, int[] steps, Shape[] shapes)
    {
        var random = new System.Random(seed + steps.Sum());
        Shape full = shapes[random.Next(shapes.Length)];
        TensorType[] types = InputTypes(full);
        Plan plan = Plan.For(Traced(full, types, steps, isExact: false).Structure);
        Buffer[] inputs = Array.ConvertAll(types, type => RandomBuffer(random, type));
        var executable = (CpuExecutable)Backend.Prepare(plan.Program);
        double[][] interpreted = Run(executable, plan, inputs);
        int bits = 64 << random.Next(4);
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

    internal static double[][] Run(Plan plan, Buffer[] inputs) =>
        Run((CpuExecutable)Backend.Prepare(plan.Program), plan, inputs);

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

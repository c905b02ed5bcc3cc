using System.Diagnostics;
using System.Globalization;

namespace Implicit.Benchmarks;

/// <summary>b.memory: the resident memory that one training step of the wide network adds at its peak, each in a process of its own.</summary>
internal static class StepMemory
{
    /// <summary>What asks a process to measure one case: its place among them follows.</summary>
    public const string Argument = "--memory-of";

    private static readonly (Adjoint Adjoint, StepControl? Steps, double End)[] Kinds =
    [
        .. from adjoint in (Adjoint[])[new Adjoint.Checkpointed(), new Adjoint.Direct(), new Adjoint.Backsolve()]
        from kind in ((StepControl?, double)[])
            [(null, 1.0), (null, 10.0), (null, 40.0), (new StepControl.Fixed(0.01), 1.0)]
        select (adjoint, kind.Item1, kind.Item2),
    ];

    public static IEnumerable<Case> All => Enumerable.Range(0, Kinds.Length).Select(Of);

    /// <summary>Measures a case here and prints the bytes.</summary>
    public static void Measure(int kind)
    {
        TrainingStep step = Step(kind, Kinds[kind].End);
        // What a first step loads and compiles is not counted.
        Step(kind, 0.02).LossAndGradient();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        long before = process.WorkingSet64;
        step.LossAndGradient();
        process.Refresh();
        Console.WriteLine(Math.Max(0, process.PeakWorkingSet64 - before).ToString(CultureInfo.InvariantCulture));
    }

    private static Case Of(int kind)
    {
        (Adjoint adjoint, StepControl? steps, double end) = Kinds[kind];
        var step = new Lazy<TrainingStep>(() => Step(kind, end));
        return new Case(
            "b.memory",
            $"t {end:G2}",
            $"{(steps is null ? "dopri5 1e-5" : "rk4 0.01")} {adjoint.GetType().Name.ToLowerInvariant()}",
            () => step.Value.LossAndGradient(),
            _ =>
                [
                    .. NeuralOde.WideFloor(step.Value, backward: true, adjoint is Adjoint.Backsolve),
                    ("peak_added_bytes", InOwnProcess(kind)),
                ]
        );
    }

    private static TrainingStep Step(int kind, double end) =>
        NeuralOde.Wide(
            DType.Float32,
            new OdeOptions
            {
                Method = Kinds[kind].Steps is null ? Tableau.Dopri5 : Tableau.Rk4,
                Steps = Kinds[kind].Steps ?? StepControl.Automatic,
                RelativeTolerance = 1e-5,
                AbsoluteTolerance = 1e-5,
                Adjoint = Kinds[kind].Adjoint,
            },
            end
        );

    private static double InOwnProcess(int kind)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.ArgumentList.Add(Argument);
        start.ArgumentList.Add(kind.ToString(CultureInfo.InvariantCulture));
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}

using System.Diagnostics;
using System.Runtime;

namespace Implicit.Benchmarks;

/// <summary>One piece of work that is timed, with the facts that are reported beside the time.</summary>
/// <param name="Name">As in the list of cases that all libraries share.</param>
/// <param name="Size">What distinguishes cases of one name.</param>
/// <param name="Method">The solver, where there is one.</param>
/// <param name="Work">What is timed: one call.</param>
/// <param name="Facts">
/// Computed once from the median seconds: errors, evaluations; <see cref="Measurement.Floor"/> names what the machine allows.
/// </param>
internal sealed record Case(
    string Name,
    string Size,
    string Method,
    Action Work,
    Func<double, IEnumerable<(string Name, double Value)>> Facts
)
{
    /// <summary>Warming up goes on in batches of this length until some are like the last.</summary>
    private const double BatchSeconds = 0.25;
    private const double MostWarmUpSeconds = 6.0;

    /// <summary>A batch whose least time is this part of the least before is no faster.</summary>
    private const double Steady = 0.97;

    /// <summary>
    /// So many batches in a row, for in one the runtime may only have waited: where other processes want its processors it compiles late, and what was
    /// timed then was code that is not optimised yet.
    /// </summary>
    private const int SteadyBatches = 3;
    private const double TimedSeconds = 0.8;
    private const int LeastRuns = 9;

    /// <summary>Slow work is run less often.</summary>
    private const double MostSeconds = 8.0;

    /// <summary>Calls per sample are chosen so that a sample lasts at least this long.</summary>
    private const double SampleSeconds = 0.5e-3;

    /// <summary>In the order of the tables.</summary>
    public static IEnumerable<Case> All =>
        [
            .. Trajectories.All,
            .. NeuralOde.All,
            .. StepMemory.All,
            .. Flow.All,
            .. Equilibrium.All,
            .. QuadraticPrograms.All,
            .. Factorisations.All,
            .. Products.All,
            .. EngineFloor.All,
            .. FusedLoops.All,
            .. FusedFields.All,
        ];

    /// <summary>What tells this case from all others.</summary>
    public string Label => string.Join(' ', Name, Size, Method).TrimEnd();

    /// <summary>What comes before each call and is not timed.</summary>
    public Action? SetUp { get; init; }

    /// <summary>Warms up, times, and computes the facts.</summary>
    public Measurement Run()
    {
        int calls = WarmUp();
        var samples = new List<double>();
        double total = 0.0;
        while (total < TimedSeconds || (samples.Count < LeastRuns && total < MostSeconds))
        {
            samples.Add(Seconds(calls));
            total += samples[^1] * calls;
        }
        samples.Sort();
        double median = samples[samples.Count / 2];
        return new Measurement(this, median, samples[0], samples[^1], samples.Count, [.. Facts(median)]);
    }

    /// <summary>The median seconds of a piece of work under the same rules.</summary>
    public static double Median(Action work)
    {
        var timed = new Case("", "", "", work, _ => []);
        int calls = timed.WarmUp();
        double[] samples = [.. Enumerable.Range(0, LeastRuns).Select(_ => timed.Seconds(calls)).Order()];
        return samples[samples.Length / 2];
    }

    /// <summary>
    /// Calls until some batches are no faster than those before and nothing was compiled meanwhile: the runtime optimises what a process runs first
    /// for some seconds. Gives the calls per sample.
    /// </summary>
    private int WarmUp()
    {
        var clock = Stopwatch.StartNew();
        int calls = 1;
        double least = double.PositiveInfinity;
        int steady = 0;
        while (steady < SteadyBatches && clock.Elapsed.TotalSeconds < MostWarmUpSeconds)
        {
            double before = least;
            long compiled = JitInfo.GetCompiledMethodCount();
            var batch = Stopwatch.StartNew();
            do
            {
                least = Math.Min(least, Seconds(calls));
                calls = Math.Max(1, (int)(SampleSeconds / least));
            } while (batch.Elapsed.TotalSeconds < BatchSeconds);
            steady = least >= Steady * before && compiled == JitInfo.GetCompiledMethodCount() ? steady + 1 : 0;
        }
        return calls;
    }

    /// <summary>Seconds of one call, over several.</summary>
    private double Seconds(int calls)
    {
        if (SetUp is null)
            return Seconds(() =>
                {
                    for (int i = 0; i < calls; i++)
                        Work();
                }) / calls;
        double total = 0.0;
        for (int i = 0; i < calls; i++)
        {
            SetUp();
            total += Seconds(Work);
        }
        return total / calls;
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

namespace Implicit.Solvers.Ode;

/// <summary>
/// The steps that a solve accepted, where its outputs fall in them, and what was kept of them: the grid along which derivatives run.
/// Data, never differentiated.
/// </summary>
internal sealed class OdeRecord(OdeTrail? trail, int outputs) : IDisposable
{
    private readonly List<(double Start, double Size)> steps = [];
    private readonly List<Emission> emissions = new(outputs);

    /// <summary>What was kept of the steps, if their transposes are how the solution is differentiated.</summary>
    public OdeTrail? Trail { get; private set; } = trail;

    /// <summary>The number of accepted steps.</summary>
    public int Count => steps.Count;

    /// <summary>The outputs in order; the first is the initial state and belongs to no step.</summary>
    public IReadOnlyList<Emission> Emissions => emissions;

    /// <summary>When a step begins, and its signed size.</summary>
    public (double Start, double Size) this[int step] => steps[step];

    public void Accept(double start, double size) => steps.Add((start, size));

    public void Emit(int output, int step, double theta) => emissions.Add(new Emission(output, step, theta));

    /// <summary>Gives back what was kept of the steps; who walks back still, takes them again.</summary>
    public void Dispose()
    {
        Trail?.Release();
        Trail = null;
    }

    /// <summary>Output number <paramref name="Output"/> lies at fraction <paramref name="Theta"/> of a step; 1 is its end.</summary>
    public readonly record struct Emission(int Output, int Step, double Theta)
    {
        public bool IsStepEnd => Theta == 1.0;
    }
}

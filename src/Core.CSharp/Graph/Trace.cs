namespace Implicit.Graph;

/// <summary>
/// The time during which a user's function runs on a stand-in for its argument. Nodes that depend on the stand-in cannot
/// be read before the trace closes (or ever, if the stand-in has no value).
/// </summary>
internal sealed class Trace : IDisposable
{
    [ThreadStatic]
    private static int openTraces;

    private volatile bool open = true;

    private Trace(string name, bool isAbstract)
    {
        Name = name;
        IsAbstract = isAbstract;
        Level = ++openTraces;
    }

    /// <summary>The transform or solver that is tracing, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether the stand-in has no value: what depends on it can never be read.</summary>
    public bool IsAbstract { get; }

    /// <summary>1 for the outermost trace of the thread.</summary>
    public int Level { get; }

    /// <summary>
    /// Whether nodes keep their inputs although their values are known: a derivative will be asked of them after the trace has closed.
    /// </summary>
    public bool Retains { get; init; }

    /// <summary>Whether this thread is tracing.</summary>
    public static bool AnyOpen => openTraces > 0;

    /// <summary>Whether the function is still being traced.</summary>
    public bool IsOpen => open;

    /// <summary>Whether what depends on this trace must not be read.</summary>
    public bool Hides => open || IsAbstract;

    /// <summary>Whether it hides what depends on it for longer than another: for ever, or as the outer of the two.</summary>
    public bool Outlasts(Trace other) => IsAbstract == other.IsAbstract ? Level < other.Level : IsAbstract;

    /// <summary>Opens a trace whose stand-in aliases a value.</summary>
    public static Trace Concrete(string name, bool retains = false) =>
        new(name, isAbstract: false) { Retains = retains };

    /// <summary>Opens a trace whose stand-in has no value.</summary>
    public static Trace Abstract(string name) => new(name, isAbstract: true);

    public void Dispose()
    {
        if (!open)
            return;
        open = false;
        openTraces--;
    }
}

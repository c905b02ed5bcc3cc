namespace Implicit.Solvers.Ode;

/// <summary>
/// A part of the memory that all solves of the process share for steps that are kept whole (<see cref="Adjoint.Direct"/>), so that many
/// solves, or many items of a batch, take no more than one.
/// </summary>
internal sealed class StepAllowance
{
    /// <summary>What all parts take together at most.</summary>
    public const long SharedBytes = 1L << 26;

    private static long free = SharedBytes;

    private long taken;

    /// <summary>A record that nobody walked back along gives its part back too.</summary>
    ~StepAllowance() => Return();

    /// <summary>Takes so many bytes more, if there are so many.</summary>
    public bool Take(long bytes)
    {
        if (Interlocked.Add(ref free, -bytes) < 0)
        {
            Interlocked.Add(ref free, bytes);
            return false;
        }
        taken += bytes;
        return true;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return() => Interlocked.Add(ref free, Interlocked.Exchange(ref taken, 0));
}

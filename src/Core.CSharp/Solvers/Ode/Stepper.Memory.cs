using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>What becomes of the memory of a solve: steps that are kept take some of it with them, the next solve has the rest.</summary>
internal sealed partial class Stepper
{
    /// <summary>Results of steps that an earlier solve kept.</summary>
    private readonly Stack<Buffer[]> spares = new();

    /// <summary>Whether buffers that <see cref="Accept"/> sets free belong to a step that is kept.</summary>
    private bool isKept;

    /// <summary>The step that was tried, to be accepted now: its buffers are no longer the stepper's own.</summary>
    public StepTape Keep()
    {
        isKept = true;
        return new StepTape(Beginning.ToArray(), [.. results[..n], .. results[(n + ratios)..]]);
    }

    /// <summary>From the next step on, steps give what a solve needs only.</summary>
    public void StopRecording()
    {
        parts &= ~StepParts.Residuals;
        step = kernels.Step(parts);
        results = results[..step.ResultTypes.Length];
        // The beginning of the step that was tried is the end of one that is kept.
        isKept = true;
        spares.Clear();
    }

    /// <summary>Leaves its memory to the next solve, unless that is much. Nobody may read it any more.</summary>
    /// <param name="kept">The steps that were kept, from the first on.</param>
    public void Return(IReadOnlyList<StepTape> kept)
    {
        interpolation?.Invalidate();
        if (parts != wanted || !isSmall)
        {
            foreach (StepTape tape in kept)
                tape.Release(kernels.Residuals.Own);
            return;
        }
        if (kept.Count > 0)
            TakeBack(kept);
        SetCaptures(new Buffer[captures.Length]);
        kernels.Keep(this, wanted);
    }

    /// <summary>Gives back what it holds of kept steps: nobody will use it.</summary>
    public void Discard()
    {
        if (!Records)
            return;
        spares.Push(results);
        foreach (Buffer[] spare in spares)
            Buffer.Release(spare.AsSpan(kernels.Residuals.Own + ratios));
    }

    /// <summary>The buffers of kept steps are its own again: the first began where the stepper did.</summary>
    private void TakeBack(IReadOnlyList<StepTape> kept)
    {
        kept[0].Beginning.AsSpan(0, n).CopyTo(State);
        kept[0].Beginning.AsSpan(n).CopyTo(First);
        kept[0].Beginning.CopyTo(arguments, 4);
        Buffer[] ratio = results[n..(n + ratios)];
        foreach (StepTape tape in kept)
            spares.Push([.. tape.Results[..n], .. ratio, .. tape.Results[n..]]);
        results = spares.Pop();
        isKept = false;
    }
}

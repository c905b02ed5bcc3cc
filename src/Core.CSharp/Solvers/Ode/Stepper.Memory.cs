using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>What becomes of the memory of a solve: steps that are kept take some of it with them, the next solve has the rest.</summary>
internal sealed partial class Stepper
{
    /// <summary>Results of steps that an earlier solve kept.</summary>
    private readonly Stack<Buffer[]> spares = new();

    /// <summary>Arrays whose buffers went with a step that is kept.</summary>
    private readonly Stack<Buffer[]> emptied = new();

    /// <summary>What earlier steps were kept in, for the next that are.</summary>
    private readonly Stack<StepTape> blanks = new();

    /// <summary>Whether buffers that <see cref="Accept"/> sets free belong to a step that is kept.</summary>
    private bool isKept;

    /// <summary>The step that was tried, to be accepted now: its buffers are no longer the stepper's own.</summary>
    public StepTape Keep()
    {
        if (!blanks.TryPop(out StepTape tape))
            tape = new StepTape(new Buffer[2 * n], new Buffer[results.Length - ratios]);
        isKept = true;
        Beginning.CopyTo(tape.Beginning);
        results.AsSpan(0, n).CopyTo(tape.Results);
        results.AsSpan(n + ratios).CopyTo(tape.Results.AsSpan(n));
        return tape;
    }

    /// <summary>From the next step on, steps give what a solve needs only.</summary>
    public void StopRecording()
    {
        parts &= ~StepParts.Residuals;
        step = kernels.Step(parts);
        Buffer.Release(results.AsSpan(step.ResultTypes.Length));
        results = results[..step.ResultTypes.Length];
        // The beginning of the step that was tried is the end of one that is kept.
        isKept = true;
        spares.Clear();
        emptied.Clear();
    }

    /// <summary>Leaves its memory to the next solve, unless that is much. Nobody may read it any more.</summary>
    /// <param name="kept">The steps that were kept, from the first on.</param>
    public void Return(IReadOnlyList<StepTape> kept)
    {
        interpolation?.Invalidate();
        if (parts != wanted)
        {
            // The next solve begins with other results.
            foreach (StepTape tape in kept)
                tape.Release();
            Discard();
            return;
        }
        if (kept.Count > 0)
            TakeBack(kept);
        SetCaptures(new Buffer[captures.Length]);
        if (isSmall)
        {
            ReleaseSpares();
            kernels.Keep(this, wanted);
        }
        else
            Discard();
    }

    /// <summary>The next solve is left no more of what steps took than any solve may keep whole.</summary>
    private void ReleaseSpares()
    {
        while (spares.Count > 0 && spares.Count * kernels.Residuals.Bytes > OdeTrail.LeastBytes)
            Buffer.Release(spares.Pop());
        while (blanks.Count > spares.Count + 1)
            blanks.Pop();
    }

    /// <summary>Gives all of its memory back to the pool, where the next solve finds it while it is near.</summary>
    public void Discard()
    {
        spares.Push(results);
        foreach (Buffer[] array in (IEnumerable<Buffer[]>)[.. spares, .. emptied])
            Buffer.Release(array);
        Buffer.Release(State);
        Buffer.Release(First);
        interpolation?.Release();
    }

    /// <summary>
    /// The buffers of the steps that were kept, of which the last is the one that was tried last, are its own
    /// again, and its state is where the first began. What they were kept in is empty, and for others.
    /// </summary>
    public void TakeBack(IReadOnlyList<StepTape> kept)
    {
        kept[0].Beginning.AsSpan(0, n).CopyTo(State);
        kept[0].Beginning.AsSpan(n).CopyTo(First);
        kept[0].Beginning.CopyTo(arguments, StateAt);
        for (int i = 0; i < kept.Count; i++)
        {
            // The arrays of all steps but the last were emptied when the next was tried.
            Buffer[] array = i + 1 == kept.Count ? results : emptied.Pop();
            kept[i].Results.AsSpan(0, n).CopyTo(array);
            kept[i].Results.AsSpan(n).CopyTo(array.AsSpan(n + ratios));
            spares.Push(array);
            Array.Clear(kept[i].Beginning);
            Array.Clear(kept[i].Results);
            blanks.Push(kept[i]);
        }
        results = spares.Pop();
        isKept = false;
    }
}

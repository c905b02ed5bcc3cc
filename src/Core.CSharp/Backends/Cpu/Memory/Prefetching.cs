using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Memory that is read next, asked for while other work goes on: a few lines at a time, for a processor keeps track of few, and whoever asks for more
/// at once waits for them.
/// </summary>
internal sealed unsafe class Prefetching
{
    /// <summary>Bytes of a line.</summary>
    private const int Line = 64;

    /// <summary>Lines asked for at a time.</summary>
    private const int Lines = 12;

    private readonly List<(nint Start, nint End)> pieces = [];
    private int next;
    private byte* at;
    private byte* end;

    /// <summary>Forgets what was not asked for yet.</summary>
    public void Clear()
    {
        pieces.Clear();
        next = 0;
        at = end;
    }

    /// <summary>Adds what is read next.</summary>
    public void Add(void* start, long bytes) => pieces.Add(((nint)start, (nint)start + (nint)bytes));

    /// <summary>Asks for some lines, if there are any left. Called between steps of about as much time as they take to come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask()
    {
        if (at < end || Advance())
            AskForSome();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AskForSome()
    {
        byte* from = at;
        byte* to = (byte*)Math.Min((nint)end, (nint)from + (Lines * Line));
        at = to;
        if (!Sse.IsSupported)
            return;
        for (; from < to; from += Line)
            Sse.Prefetch1(from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Advance()
    {
        if (next == pieces.Count)
            return false;
        (nint start, nint stop) = pieces[next++];
        at = (byte*)start;
        end = (byte*)stop;
        return at < end;
    }
}

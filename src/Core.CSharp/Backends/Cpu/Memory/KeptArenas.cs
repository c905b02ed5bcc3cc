namespace Implicit.Backends.Cpu;

/// <summary>
/// The arenas that frames keep between runs. Where they take too much together, frames that have not run since they were last looked at give theirs back
/// (the clock of F. Corbató, 1968), so that a program which asks for ever new plans does not grow by the memory of old ones.
/// </summary>
internal sealed class KeptArenas(long most)
{
    /// <summary>Those of the process.</summary>
    public static readonly KeptArenas Shared = new(64L << 20);

    private readonly Lock gate = new();
    private readonly Queue<(WeakReference<Frame> Frame, long Bytes)> places = new();
    private long bytes;

    /// <summary>What the arenas take together.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>A frame that is running has an arena now, and is to keep it.</summary>
    public void Add(WeakReference<Frame> frame, long size)
    {
        lock (gate)
        {
            places.Enqueue((frame, size));
            bytes += size;
            // A frame that has run is passed over once.
            for (int looks = 2 * places.Count; bytes > most && looks > 0; looks--)
            {
                (WeakReference<Frame> Frame, long Bytes) place = places.Dequeue();
                if (place.Frame.TryGetTarget(out Frame? other) && !other.GivesArenaBack())
                    places.Enqueue(place);
                else
                    bytes -= place.Bytes;
            }
        }
    }
}

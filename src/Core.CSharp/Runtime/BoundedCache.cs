using System.Collections.Concurrent;

namespace Implicit.Runtime;

/// <summary>
/// Values made on demand and found again. When it is full, the half that was used longest ago is dropped, so that a program which asks for
/// ever new keys does not grow.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, Func<TKey, TValue> make)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private long clock;

    /// <summary>How many values are held.</summary>
    public int Count => entries.Count;

    public TValue this[TKey key]
    {
        get
        {
            if (!entries.TryGetValue(key, out Entry? entry))
                entry = Add(key);
            entry.LastUse = Interlocked.Increment(ref clock);
            return entry.Value;
        }
    }

    private Entry Add(TKey key)
    {
        if (entries.Count >= capacity)
            DropOlderHalf();
        return entries.GetOrAdd(key, new Entry(make(key)));
    }

    private void DropOlderHalf()
    {
        KeyValuePair<TKey, Entry>[] all = [.. entries];
        // Read once: other threads go on using entries, and an order that changes while it is sorted by is none.
        long[] lastUses = Array.ConvertAll(all, entry => entry.Value.LastUse);
        Array.Sort(lastUses, all);
        foreach ((TKey key, _) in all.AsSpan(0, all.Length / 2))
            entries.TryRemove(key, out _);
    }

    private sealed class Entry(TValue value)
    {
        public TValue Value { get; } = value;

        /// <summary>When it was last asked for, on the cache's clock.</summary>
        public long LastUse { get; set; }
    }
}

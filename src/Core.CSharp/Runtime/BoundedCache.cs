using System.Collections.Concurrent;

namespace Implicit.Runtime;

/// <summary>
/// Values made on demand and found again. When it is full, those that were used longest ago are dropped down to half, so that a program
/// which asks for ever new keys does not grow.
/// </summary>
/// <param name="capacity">How much the values may weigh together.</param>
/// <param name="make">Makes the value for a key.</param>
/// <param name="weigh">The weight of a value; 1 each if left out.</param>
internal sealed class BoundedCache<TKey, TValue>(int capacity, Func<TKey, TValue> make, Func<TValue, int>? weigh = null)
    where TKey : notnull
{
    /// <summary>More problems of one kind than a program goes round in, and few enough to keep what each of them weighs.</summary>
    private const int Problems = 256;

    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private long clock;
    private int weight;

    /// <summary>A cache of what is made for each problem that a program solves again and again.</summary>
    public BoundedCache(Func<TKey, TValue> make)
        : this(Problems, make) { }

    /// <summary>How many values are held.</summary>
    public int Count => entries.Count;

    public TValue this[TKey key] => this[key, static key => key];

    /// <summary>The value for a key that is only lent: what is kept is a copy of it.</summary>
    public TValue this[TKey key, Func<TKey, TKey> copy]
    {
        get
        {
            if (!entries.TryGetValue(key, out Entry? entry))
                entry = Add(copy(key));
            entry.LastUse = ++clock;
            return entry.Value;
        }
    }

    private Entry Add(TKey key)
    {
        if (weight >= capacity)
            DropOlder();
        var entry = new Entry(make(key));
        if (!entries.TryAdd(key, entry))
            return entries.GetOrAdd(key, entry);
        Interlocked.Add(ref weight, Weight(entry));
        return entry;
    }

    private void DropOlder()
    {
        // Not a spread, which takes the count first and is wrong if entries go meanwhile.
        KeyValuePair<TKey, Entry>[] all = entries.ToArray();
        // Read once: other threads go on using entries, and an order that changes while it is sorted by is none.
        long[] lastUses = Array.ConvertAll(all, entry => entry.Value.LastUse);
        Array.Sort(lastUses, all);
        for (int i = 0; i < all.Length && weight > capacity / 2; i++)
            if (entries.TryRemove(all[i].Key, out Entry? dropped))
                Interlocked.Add(ref weight, -Weight(dropped));
    }

    private int Weight(Entry entry) => weigh?.Invoke(entry.Value) ?? 1;

    private sealed class Entry(TValue value)
    {
        public TValue Value { get; } = value;

        /// <summary>When it was last asked for, on the cache's clock, which may miss a tick where threads meet.</summary>
        public long LastUse { get; set; }
    }
}

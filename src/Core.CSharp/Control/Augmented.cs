namespace Implicit.Control;

/// <summary>
/// The layout of a loop with tangents: carries, their tangents, elements, their tangents, captures, their tangents; and of its
/// results: carries, their tangents, outputs, their tangents. Only what moves has a tangent.
/// </summary>
internal sealed class Augmented
{
    private readonly LoopBody body;
    private readonly bool[] moving;
    private readonly bool[] moved;

    public Augmented(LoopBody body, bool[] moving)
    {
        this.body = body;
        this.moving = moving;
        moved = body.Moved(moving);
    }

    public int MovingCarries => moving.AsSpan(0, body.Carries).Count(true);

    public int MovingElements => moving.AsSpan(body.Carries, body.Elements).Count(true);

    /// <summary>Arguments with their tangents, each family followed by its tangents.</summary>
    public T[] Pair<T>(ReadOnlySpan<T> arguments, Func<int, T> tangent)
    {
        var all = new List<T>();
        int element = body.Carries;
        int capture = element + body.Elements;
        Append(all, arguments, 0, element, moving, tangent);
        Append(all, arguments, element, capture, moving, tangent);
        Append(all, arguments, capture, body.Arguments, moving, tangent);
        return [.. all];
    }

    /// <summary>Results with their tangents.</summary>
    public T[] PairResults<T>(ReadOnlySpan<T> results, Func<int, T> tangent)
    {
        var all = new List<T>();
        Append(all, results, 0, body.Carries, moved, tangent);
        Append(all, results, body.Carries, body.Results, moved, tangent);
        return [.. all];
    }

    /// <summary>Arguments, and the tangents of those that move, in order.</summary>
    public (T[] Arguments, T[] Tangents) Split<T>(ReadOnlySpan<T> all)
    {
        var arguments = new List<T>();
        var tangents = new List<T>();
        foreach (bool isTangent in Pair(new bool[body.Arguments], _ => true))
            (isTangent ? tangents : arguments).Add(all[arguments.Count + tangents.Count]);
        return ([.. arguments], [.. tangents]);
    }

    /// <summary>The tangents of all results; null for those that do not move.</summary>
    public T?[] ResultTangents<T>(ReadOnlySpan<T> all)
        where T : class
    {
        var tangents = new T?[body.Results];
        int[] origin = PairResults(new int[body.Results], i => i + 1);
        for (int i = 0; i < origin.Length; i++)
            if (origin[i] > 0)
                tangents[origin[i] - 1] = all[i];
        return tangents;
    }

    private static void Append<T>(
        List<T> all,
        ReadOnlySpan<T> items,
        int begin,
        int end,
        bool[] hasTangent,
        Func<int, T> tangent
    )
    {
        all.AddRange(items[begin..end]);
        for (int i = begin; i < end; i++)
            if (hasTangent[i])
                all.Add(tangent(i));
    }
}

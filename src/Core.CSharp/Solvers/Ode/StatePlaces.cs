using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Numbered places for copies of states; memory is taken when a place is first used and then kept.</summary>
internal sealed class StatePlaces
{
    private readonly List<Buffer[]?> places = [];

    public void Save(int place, ReadOnlySpan<Buffer> state)
    {
        while (places.Count <= place)
            places.Add(null);
        if (places[place] is { } kept)
            Elements.Copy(state, kept);
        else
            places[place] = Elements.Copies(state);
    }

    /// <summary>Gives the memory of all places back to the pool.</summary>
    public void Release()
    {
        foreach (Buffer[]? place in places)
            Buffer.Release(place);
        places.Clear();
    }

    public void Restore(int place, ReadOnlySpan<Buffer> state) => Elements.Copy(places[place], state);
}

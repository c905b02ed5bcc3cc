using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Numbered places for copies of states; memory is taken when a place is first used and then kept.</summary>
internal sealed class StatePlaces
{
    private readonly List<Buffer[]?> places = [];

    /// <summary>The number of leaves of the states kept here; 0 if there are none.</summary>
    public int Leaves => places.Find(place => place is not null)?.Length ?? 0;

    public void Save(int place, ReadOnlySpan<Buffer> state)
    {
        while (places.Count <= place)
            places.Add(null);
        if (places[place] is { } kept)
            Elements.Copy(state, kept);
        else
            places[place] = Elements.Copies(state);
    }

    public void Restore(int place, ReadOnlySpan<Buffer> state) => Elements.Copy(places[place], state);
}

using Implicit.Solvers;
using Xunit;

namespace Implicit.Tests.Solvers.Iteration;

/// <summary>Items keep their places until they are gathered, and idle places may be computed on where they and all that were idle before them are sound.</summary>
public sealed class RowPlacesTests
{
    private readonly Dictionary<int, int> placeOf = [];
    private readonly Dictionary<int, bool> isIdleSound = [];

    [Fact]
    public void Rows_and_idle_places_are_those_of_a_plain_account()
    {
        var random = new System.Random(3);
        for (int solve = 0; solve < 500; solve++)
        {
            int size = random.Next(1, 12);
            var places = new RowPlaces(size);
            placeOf.Clear();
            isIdleSound.Clear();
            for (int item = 0; item < size; item++)
                placeOf[item] = item;
            while (places.Count > 0)
            {
                Change(places, random);
                Check(places);
            }
        }
    }

    private void Change(RowPlaces places, System.Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                places.TrustIdle();
                SetAll(true);
                break;
            case 1:
                places.DistrustIdle();
                SetAll(false);
                break;
            case 2 when places.Count <= places.Size / 2:
                Gather(places, places.Size / 2);
                break;
            default:
                Remove(places, random.Next(places.Count), isSound: random.Next(3) > 0);
                break;
        }
    }

    private void Remove(RowPlaces places, int row, bool isSound)
    {
        placeOf.Remove(places.ItemOf(row), out int place);
        // Idle places may be copies of the first row.
        if (row == 0 && !isSound)
            SetAll(false);
        isIdleSound[place] = isSound && isIdleSound.Values.All(isOlderSound => isOlderSound);
        places.Remove(row, isSound);
    }

    private void Gather(RowPlaces places, int size)
    {
        for (int row = 0; row < places.Count; row++)
            placeOf[places.ItemOf(row)] = row;
        isIdleSound.Clear();
        for (int place = places.Count; place < size; place++)
            isIdleSound[place] = true;
        places.Gather(size);
    }

    private void SetAll(bool isSound)
    {
        foreach (int place in isIdleSound.Keys)
            isIdleSound[place] = isSound;
    }

    private void Check(RowPlaces places)
    {
        Assert.Equal(placeOf.Count, places.Count);
        Assert.Equal(placeOf.Count + isIdleSound.Count, places.Size);
        Assert.Equal(placeOf.Keys.Order(), places.Items.ToArray().Order());
        for (int row = 0; row < places.Count; row++)
        {
            Assert.Equal(places.Items[row], places.ItemOf(row));
            Assert.Equal(placeOf[places.ItemOf(row)], places[row]);
            Assert.Equal(places[row], places.Running[row]);
        }
        IEnumerable<int> unsound = isIdleSound.Where(idle => !idle.Value).Select(idle => idle.Key);
        Assert.Equal(unsound.Order(), places.Unsound.ToArray().Order());
    }
}

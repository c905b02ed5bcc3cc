using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// Numbered places for copies of states of one form; memory is taken when a place is first used and then kept. Small states share it, so that many of
/// them are few objects.
/// </summary>
internal sealed class StatePlaces
{
    /// <summary>What states that share memory take together, at most.</summary>
    private const long SharedBytes = 1024;

    /// <summary>Each leaf of several states, row by row.</summary>
    private readonly List<Buffer[]> pages = [];
    private int statesPerPage;

    public void Save(int place, ReadOnlySpan<Buffer> state)
    {
        if (statesPerPage == 0)
            statesPerPage = Fitting(state);
        while (pages.Count <= place / statesPerPage)
            pages.Add([]);
        int number = place / statesPerPage;
        if (pages[number].Length == 0)
            pages[number] = Page(state);
        Elements.WriteRow(state, place % statesPerPage, pages[number]);
    }

    public void Restore(int place, ReadOnlySpan<Buffer> state) =>
        Elements.CopyRow(pages[place / statesPerPage], place % statesPerPage, state);

    /// <summary>Gives the memory of all places back to the pool.</summary>
    public void Release()
    {
        foreach (Buffer[] page in pages)
            Buffer.Release(page);
        pages.Clear();
    }

    private static int Fitting(ReadOnlySpan<Buffer> state)
    {
        long bytes = 0;
        foreach (Buffer leaf in state)
            bytes += (long)leaf.Length * leaf.DType.Size;
        return (int)Math.Max(1, SharedBytes / Math.Max(1, bytes));
    }

    private Buffer[] Page(ReadOnlySpan<Buffer> state)
    {
        var page = new Buffer[state.Length];
        for (int leaf = 0; leaf < page.Length; leaf++)
            page[leaf] = Device.Cpu.Backend.Allocate(state[leaf].DType, statesPerPage * state[leaf].Length);
        return page;
    }
}

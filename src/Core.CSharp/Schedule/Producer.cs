using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>A map whose readers may compute what it fills (see <see cref="Fuse"/>), with what they ask of its body, found once.</summary>
internal sealed class Producer
{
    public Producer(Map map)
    {
        Map = map;
        (Size, UsesIndex, IsDear) = ScalarBody.Summarise(map.Body);
    }

    public Map Map { get; }

    public int Size { get; }

    public bool UsesIndex { get; }

    public bool IsDear { get; }
}

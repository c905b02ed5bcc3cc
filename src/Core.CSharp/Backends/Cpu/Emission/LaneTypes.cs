namespace Implicit.Backends.Cpu;

/// <summary>
/// The vector types with which a body computes several points at once: as many as its largest elements fill a vector of the given width, or one
/// point where there are no vectors (64 bits).
/// Truth values of all points are the bits of one integer, or a mask (<see cref="LaneMasks"/>).
/// </summary>
internal sealed class LaneTypes
{
    private LaneTypes(int points)
    {
        Points = points;
    }

    /// <summary>How many points are computed at once.</summary>
    public int Points { get; }

    /// <summary>The types for a body's nodes; null where some element type has no vector of so few elements.</summary>
    public static LaneTypes? For(ReadOnlySpan<Node> nodes, int bits)
    {
        if (bits < Vector128Bytes * 8)
            return new LaneTypes(1);
        int largest = 1;
        int smallest = sizeof(long);
        foreach (Node node in nodes)
        {
            if (node.DType == DType.Bool)
                continue;
            largest = Math.Max(largest, node.DType.Size);
            smallest = Math.Min(smallest, node.DType.Size);
        }
        int points = bits / 8 / Math.Max(largest, sizeof(float));
        return points * smallest < Vector128Bytes ? null : new LaneTypes(points);
    }

    /// <summary>What holds the values of all points.</summary>
    public Type Of(DType dtype) =>
        dtype == DType.Bool ? typeof(ulong) : Shape(dtype.Size * Points).MakeGenericType(Element(dtype));

    /// <summary>The widest vectors that the machine has: those of the interpreter.</summary>
    public static Type Widest(Type element) => Shape(Hotness.Width / 8).MakeGenericType(element);

    /// <summary>What one element is in memory.</summary>
    public static Type Element(DType dtype) =>
        dtype switch
        {
            DType.Float64 => typeof(double),
            DType.Float32 => typeof(float),
            DType.Int64 => typeof(long),
            _ => typeof(byte),
        };

    private const int Vector128Bytes = 16;

    private static Type Shape(int bytes) =>
        bytes switch
        {
            64 => typeof(Lanes512<>),
            32 => typeof(Lanes256<>),
            Vector128Bytes => typeof(Lanes128<>),
            _ => typeof(OneLane<>),
        };
}

using Implicit.Backends.Cpu;
using Implicit.Runtime;

namespace Implicit.Solvers.Convex;

/// <summary>Zeroed working memory for problems side by side. Whoever uses its pointers keeps it alive.</summary>
internal sealed unsafe class Scratch(int lanes)
{
    private readonly List<HostBuffer> pieces = [];

    /// <summary>Room for some numbers of each problem.</summary>
    public double* Take(int count)
    {
        var piece = (HostBuffer)Device.Cpu.Backend.Allocate(DType.Float64, Math.Max(count, 1) * lanes);
        piece.Clear();
        pieces.Add(piece);
        return (double*)piece.Pointer;
    }
}

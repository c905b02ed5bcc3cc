using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>The systems of a record's items in scaled units, of which one, or as many as there are lanes, are used at a time.</summary>
internal unsafe interface IRecordedSystem<V> : IKktSystem
    where V : unmanaged, ILanes<V, double>
{
    Refinement<V> Refinement { get; }

    /// <summary>Whether the system in use is not regularised, so that solutions need no refinement.</summary>
    bool IsExact { get; }

    /// <summary>
    /// The lanes in which a direction has little curvature left beside the active rows, or none: a solution has rounding along it, as large as the
    /// regularisation lets it be, and no residual shows that.
    /// </summary>
    ulong Flat { get; }

    /// <summary>What one of each unknown is in units of the data.</summary>
    double* Unit { get; }

    /// <summary>What one of each residual of the data is in scaled units.</summary>
    double* ResidualUnit { get; }

    /// <summary>Where the unknowns stand among those of the whole problem.</summary>
    ReadOnlySpan<int> Places { get; }

    /// <summary>Goes over to a solved item, and those in lanes beside it.</summary>
    void Use(int item);

    /// <summary>Says which item is used next, so that what it reads may be on its way.</summary>
    void Expect(int item);

    /// <summary>r becomes 0 in rows without a constraint.</summary>
    void Clear(double* r);

    /// <summary>The least-squares solution of least norm in a lane in which the system is singular.</summary>
    void SolveSingular(int lane, double* r, double* u);
}

using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Scales the data of items in lanes, and notes the units: what <see cref="QpBlock"/> calls D, E, F and c.</summary>
internal sealed unsafe class Scaling<V, D>
    where V : unmanaged, ILanes<V, double>
    where D : struct, IDense<V>
{
    private readonly Embedding<V, D> at;
    private readonly Equilibration<V, D> equilibration;
    private readonly Scratch scratch = new(V.Count);

    public Scaling(Embedding<V, D> at)
    {
        this.at = at;
        equilibration = new Equilibration<V, D>(at);
        ObjectiveScale = scratch.Take(1);
        Lanewise<V>.Fill(1, 1.0, ObjectiveScale);
    }

    /// <summary>c of each lane.</summary>
    public double* ObjectiveScale { get; }

    private QpSize Size => at.Block.Size;

    private static int Step => V.Count;

    /// <summary>Scales the items of a mask, whose data were loaded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ulong lanes)
    {
        (int n, int p, int m) = (Size.N, Size.P, Size.M);
        equilibration.Run(lanes);
        V mask = V.FromBits(lanes);
        V one = V.Of(1.0);
        double* unit = at.Block.Unit;
        for (int i = 0; i < n; i++)
        {
            V inverse = one / Lanewise<V>.Load(unit, i);
            if (Size.HasLower)
                Lanewise<V>.Put(mask, inverse, unit, n + p + m + i);
            if (Size.HasUpper)
                Lanewise<V>.Put(mask, inverse, unit, n + p + m + Size.LowerRows + i);
        }
        for (int i = 0; i < Size.Total; i++)
        {
            Lanewise<V>.Put(mask, Lanewise<V>.Load(at.Constants, i) * Lanewise<V>.Load(unit, i), at.Constants, i);
            Lanewise<V>.Put(mask, Lanewise<V>.Load(unit, i), at.Block.ResidualUnit, i);
        }
        ScaleObjective(mask);
    }

    /// <summary>c, a power of two near 1/max(‖q‖∞, mean column norm of P), in all that it scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScaleObjective(V mask)
    {
        (int n, int p) = (Size.N, Size.P);
        V one = V.Of(1.0);
        V largest = Lanewise<V>.Largest(n, at.Constants);
        if (Size.IsQuadratic)
        {
            V sum = V.Of(0.0);
            for (int j = 0; j < n; j++)
                sum += Lanewise<V>.Largest(n, at.Block.Quadratic + ((long)j * n * Step));
            largest = V.Max(largest, sum / V.Of(Math.Max(n, 1)));
        }
        V isZero = V.LessOrEqual(largest, V.Of(0.0));
        V c = Equilibration<V, D>.PowerOfTwo(one / V.Select(isZero, one, largest));
        Lanewise<V>.Put(mask, c, ObjectiveScale, 0);
        V factor = V.Select(mask, c, one);
        if (Size.IsQuadratic)
            Lanewise<V>.Scale(n * n, factor, at.Block.Quadratic, at.Block.Quadratic);
        Lanewise<V>.Scale(n, factor, at.Constants, at.Constants);
        Lanewise<V>.Scale(n, factor, at.Block.ResidualUnit, at.Block.ResidualUnit);
        Lanewise<V>.Scale(p + Size.Rows, one / factor, at.Block.Unit + (n * Step), at.Block.Unit + (n * Step));
    }
}

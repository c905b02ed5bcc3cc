using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The logistic function and x times it, by the exponential of −|x|, which cannot overflow. Results that are no normal numbers are rounded once.
/// Errors ≤ 3 ulp.
/// </summary>
internal static class Logistic
{
    /// <summary>1/(1 + e⁻ˣ), and eˣ/(1 + eˣ) for negative x, where e⁻ˣ may be ∞ though the result is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V r = Exponential.Reduce(V.AtLeast(Lowest<V>(), -V.Abs(x)), out V k);
        V e = V.Scale(V.Of(1) + Exponential.OfReducedMinusOne(r), k);
        return V.Select(V.Less(x, V.Of(0)), e, V.Of(1)) / (V.Of(1) + e);
    }

    /// <summary>x/(1 + e⁻ˣ). The exponential is raised by 2⁶⁴, for eˣ may be denormal where x·eˣ is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Silu<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V r = Exponential.Reduce(V.AtLeast(Lowest<V>(), -V.Abs(x)), out V k);
        V raised = V.Scale(V.Of(1) + Exponential.OfReducedMinusOne(r), k + V.Of(64));
        V lowering = V.Of(5.421010862427522e-20);
        V isNegative = V.Less(x, V.Of(0));
        V product = V.AtLeast(Lowest<V>(), x) * V.Select(isNegative, raised, V.Of(1));
        V quotient = product / V.MultiplyAdd(raised, lowering, V.Of(1));
        return quotient * V.Select(isNegative, lowering, V.Of(1));
    }

    /// <summary>A bound below which eˣ and x·eˣ are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lowest<V>()
        where V : unmanaged, ILanes<V> => V.Of(-800, -150);
}

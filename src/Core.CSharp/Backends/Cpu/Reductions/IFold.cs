using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>An associative function of two numbers that a reduction combines with, with its neutral element.</summary>
internal interface IFold : IBinary
{
    static abstract T Neutral<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    static abstract T Combine<T>(T a, T b)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

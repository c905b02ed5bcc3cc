using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>The loops that convert between element types.</summary>
internal static unsafe class CastLoops
{
    public static nint Of(DType from, DType to) =>
        from switch
        {
            DType.Float64 => To<double>(to),
            DType.Float32 => To<float>(to),
            DType.Int64 => To<long>(to),
            _ => To<byte>(to),
        };

    private static nint To<T>(DType to)
        where T : unmanaged, INumber<T> =>
        to switch
        {
            DType.Float64 => (nint)(delegate* <T*, double*, nint, void>)&Copies.Cast<T, double>,
            DType.Float32 => (nint)(delegate* <T*, float*, nint, void>)&Copies.Cast<T, float>,
            DType.Int64 => (nint)(delegate* <T*, long*, nint, void>)&Copies.Cast<T, long>,
            _ => (nint)(delegate* <T*, byte*, nint, void>)&Copies.ToBool,
        };
}

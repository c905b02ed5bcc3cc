using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Conversions between vectors of equally many elements. As in <see cref="Copies"/>, floating point to integers truncates towards zero
/// and saturates, and NaN gives 0.
/// </summary>
internal static unsafe class LaneConversions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<double> Widen(Lanes256<float> x)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(
            Unsafe.BitCast<Lanes256<float>, Vector256<float>>(x)
        );
        return new(Vector512.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<double> Widen(Lanes128<float> x)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(
            Unsafe.BitCast<Lanes128<float>, Vector128<float>>(x)
        );
        return new(Vector256.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<float> Narrow(Lanes512<double> x)
    {
        var whole = Unsafe.BitCast<Lanes512<double>, Vector512<double>>(x);
        return new(Vector256.Narrow(whole.GetLower(), whole.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<float> Narrow(Lanes256<double> x)
    {
        var whole = Unsafe.BitCast<Lanes256<double>, Vector256<double>>(x);
        return new(Vector128.Narrow(whole.GetLower(), whole.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<double> ToFloat(Lanes512<long> x) =>
        new(Vector512.ConvertToDouble(Unsafe.BitCast<Lanes512<long>, Vector512<long>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<double> ToFloat(Lanes256<long> x) =>
        new(Vector256.ConvertToDouble(Unsafe.BitCast<Lanes256<long>, Vector256<long>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<double> ToFloat(Lanes128<long> x) =>
        new(Vector128.ConvertToDouble(Unsafe.BitCast<Lanes128<long>, Vector128<long>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<long> ToWhole(Lanes512<double> x) =>
        new(Vector512.ConvertToInt64(Unsafe.BitCast<Lanes512<double>, Vector512<double>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<long> ToWhole(Lanes256<double> x) =>
        new(Vector256.ConvertToInt64(Unsafe.BitCast<Lanes256<double>, Vector256<double>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<long> ToWhole(Lanes128<double> x) =>
        new(Vector128.ConvertToInt64(Unsafe.BitCast<Lanes128<double>, Vector128<double>>(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<long> ToWhole(Lanes256<float> x) => ToWhole(Widen(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<long> ToWhole(Lanes128<float> x) => ToWhole(Widen(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<double> Widen(OneLane<float> x) => One<float, double>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<float> Narrow(OneLane<double> x) => One<double, float>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<double> ToFloat(OneLane<long> x) => One<long, double>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<float> ToSingle(OneLane<long> x) => One<long, float>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<long> ToWhole(OneLane<double> x) => One<double, long>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<long> ToWhole(OneLane<float> x) => One<float, long>(x);

    // By way of float64 these would be rounded twice.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes256<float> ToSingle(Lanes512<long> x)
    {
        Lanes256<float> y = default;
        Copies.Cast((long*)&x, (float*)&y, Vector512<long>.Count);
        return y;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Lanes128<float> ToSingle(Lanes256<long> x)
    {
        Lanes128<float> y = default;
        Copies.Cast((long*)&x, (float*)&y, Vector256<long>.Count);
        return y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OneLane<TTo> One<TFrom, TTo>(OneLane<TFrom> x)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo> => new(TTo.CreateSaturating(OneLane<TFrom>.First(x)));
}

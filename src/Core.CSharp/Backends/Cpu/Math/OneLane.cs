using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A vector of one number: what is written for lanes then works on numbers one by one, where the machine has no vectors or a problem is alone.
/// </summary>
internal readonly unsafe struct OneLane<T>(T value) : ILanes<OneLane<T>, T>
    where T : unmanaged, INumber<T>
{
    private readonly T v = value;

    public static int Count => 1;

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    private double Double
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<T, double>(v);
    }

    private float Single
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<T, float>(v);
    }

    private ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
            sizeof(T) switch
            {
                sizeof(ulong) => Unsafe.BitCast<T, ulong>(v),
                sizeof(uint) => Unsafe.BitCast<T, uint>(v),
                _ => Unsafe.BitCast<T, byte>(v),
            };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Of(double value) => new(T.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Of(double forDouble, double forSingle) => Of(IsSingle ? forSingle : forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> OfBits(ulong forDouble, uint forSingle) => WithBits(IsSingle ? forSingle : forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Broadcast(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Load(T* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> LoadPart(T* source, int count) => count > 0 ? new(*source) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OneLane<T> value, T* target) => *target = value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(OneLane<T> value, T* target, int count)
    {
        if (count > 0)
            *target = value.v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(OneLane<T> value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(OneLane<T> value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator +(OneLane<T> a, OneLane<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator -(OneLane<T> a, OneLane<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator *(OneLane<T> a, OneLane<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator /(OneLane<T> a, OneLane<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator -(OneLane<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator &(OneLane<T> a, OneLane<T> b) => WithBits(a.Bits & b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator |(OneLane<T> a, OneLane<T> b) => WithBits(a.Bits | b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> operator ^(OneLane<T> a, OneLane<T> b) => WithBits(a.Bits ^ b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> MultiplyAdd(OneLane<T> a, OneLane<T> b, OneLane<T> c)
    {
        if (typeof(T) == typeof(double))
            return As(Math.FusedMultiplyAdd(a.Double, b.Double, c.Double));
        if (typeof(T) == typeof(float))
            return As(MathF.FusedMultiplyAdd(a.Single, b.Single, c.Single));
        return (a * b) + c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> MultiplySubtract(OneLane<T> a, OneLane<T> b, OneLane<T> c) => MultiplyAdd(a, b, -c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> MultiplyAddNegated(OneLane<T> a, OneLane<T> b, OneLane<T> c) => MultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Sqrt(OneLane<T> a) => IsSingle ? As(MathF.Sqrt(a.Single)) : As(Math.Sqrt(a.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Abs(OneLane<T> a) =>
        typeof(T) == typeof(long) ? new(a.v < T.Zero ? -a.v : a.v) : new(T.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Floor(OneLane<T> a) => IsSingle ? As(MathF.Floor(a.Single)) : As(Math.Floor(a.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Ceiling(OneLane<T> a) =>
        IsSingle ? As(MathF.Ceiling(a.Single)) : As(Math.Ceiling(a.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Round(OneLane<T> a) => IsSingle ? As(MathF.Round(a.Single)) : As(Math.Round(a.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Truncate(OneLane<T> a) =>
        IsSingle ? As(MathF.Truncate(a.Single)) : As(Math.Truncate(a.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Min(OneLane<T> a, OneLane<T> b) => new(T.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Max(OneLane<T> a, OneLane<T> b) => new(T.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> AtMost(OneLane<T> bound, OneLane<T> a) => bound.v < a.v ? bound : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> AtLeast(OneLane<T> bound, OneLane<T> a) => bound.v > a.v ? bound : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Equal(OneLane<T> a, OneLane<T> b) => Mask(a.v == b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Less(OneLane<T> a, OneLane<T> b) => Mask(a.v < b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> LessOrEqual(OneLane<T> a, OneLane<T> b) => Mask(a.v <= b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> SignMask(OneLane<T> a) => Mask(a.Bits >> ((8 * sizeof(T)) - 1) != 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Select(OneLane<T> mask, OneLane<T> a, OneLane<T> b) => mask.Bits != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(OneLane<T> mask) => mask.Bits & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> FromBits(ulong bits) => Mask((bits & 1) != 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> AddBits(OneLane<T> a, OneLane<T> b) => WithBits(a.Bits + b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> SubtractBits(OneLane<T> a, OneLane<T> b) => WithBits(a.Bits - b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> ShiftLeft(OneLane<T> a, int forDouble, int forSingle) =>
        WithBits(a.Bits << (IsSingle ? forSingle : forDouble));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> ShiftRight(OneLane<T> a, int forDouble, int forSingle) =>
        WithBits(a.Bits >> (IsSingle ? forSingle : forDouble));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> IntegerToFloat(OneLane<T> a) =>
        IsSingle ? As((float)(int)a.Bits) : As((double)(long)a.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneLane<T> Scale(OneLane<T> a, OneLane<T> k) => PowerOfTwo.Scale(a, k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OneLane<T> As(double value) => new(Unsafe.BitCast<double, T>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OneLane<T> As(float value) => new(Unsafe.BitCast<float, T>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OneLane<T> WithBits(ulong bits) =>
        sizeof(T) switch
        {
            sizeof(ulong) => new(Unsafe.BitCast<ulong, T>(bits)),
            sizeof(uint) => new(Unsafe.BitCast<uint, T>((uint)bits)),
            _ => new(Unsafe.BitCast<byte, T>((byte)bits)),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OneLane<T> Mask(bool isSet) => WithBits(isSet ? ulong.MaxValue : 0);
}

using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A vector of one float64: an algorithm written for problems side by side in lanes then works on one alone.</summary>
internal readonly unsafe struct Lane64(double value) : ILanes<Lane64, double>
{
    private readonly double v = value;

    public static int Count => 1;

    public static bool IsSingle => false;

    private ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BitConverter.DoubleToUInt64Bits(v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Of(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Of(double forDouble, double forSingle) => new(forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 OfBits(ulong forDouble, uint forSingle) => new(BitConverter.UInt64BitsToDouble(forDouble));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Broadcast(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Load(double* source) => new(*source);

    public static Lane64 LoadPart(double* source, int count) => count > 0 ? new(*source) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane64 value, double* target) => *target = value.v;

    public static void StorePart(Lane64 value, double* target, int count)
    {
        if (count > 0)
            *target = value.v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lane64 value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double First(Lane64 value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator +(Lane64 a, Lane64 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator -(Lane64 a, Lane64 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator *(Lane64 a, Lane64 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator /(Lane64 a, Lane64 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator -(Lane64 a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator &(Lane64 a, Lane64 b) => OfBits(a.Bits & b.Bits, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator |(Lane64 a, Lane64 b) => OfBits(a.Bits | b.Bits, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 operator ^(Lane64 a, Lane64 b) => OfBits(a.Bits ^ b.Bits, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 MultiplyAdd(Lane64 a, Lane64 b, Lane64 c) => new(Math.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 MultiplySubtract(Lane64 a, Lane64 b, Lane64 c) => MultiplyAdd(a, b, -c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Sqrt(Lane64 a) => new(Math.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Abs(Lane64 a) => new(Math.Abs(a.v));

    public static Lane64 Floor(Lane64 a) => new(Math.Floor(a.v));

    public static Lane64 Ceiling(Lane64 a) => new(Math.Ceiling(a.v));

    public static Lane64 Round(Lane64 a) => new(Math.Round(a.v));

    public static Lane64 Truncate(Lane64 a) => new(Math.Truncate(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Min(Lane64 a, Lane64 b) => new(Math.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Max(Lane64 a, Lane64 b) => new(Math.Max(a.v, b.v));

    public static Lane64 AtMost(Lane64 bound, Lane64 a) => bound.v < a.v ? bound : a;

    public static Lane64 AtLeast(Lane64 bound, Lane64 a) => bound.v > a.v ? bound : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Equal(Lane64 a, Lane64 b) => Mask(a.v == b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Less(Lane64 a, Lane64 b) => Mask(a.v < b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 LessOrEqual(Lane64 a, Lane64 b) => Mask(a.v <= b.v);

    public static Lane64 SignMask(Lane64 a) => Mask((long)a.Bits < 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 Select(Lane64 mask, Lane64 a, Lane64 b) => mask.Bits != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(Lane64 mask) => mask.Bits & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane64 FromBits(ulong bits) => Mask((bits & 1) != 0);

    public static Lane64 AddBits(Lane64 a, Lane64 b) => OfBits(a.Bits + b.Bits, 0);

    public static Lane64 SubtractBits(Lane64 a, Lane64 b) => OfBits(a.Bits - b.Bits, 0);

    public static Lane64 ShiftLeft(Lane64 a, int forDouble, int forSingle) => OfBits(a.Bits << forDouble, 0);

    public static Lane64 ShiftRight(Lane64 a, int forDouble, int forSingle) => OfBits(a.Bits >> forDouble, 0);

    public static Lane64 IntegerToFloat(Lane64 a) => new((long)a.Bits);

    public static Lane64 Scale(Lane64 a, Lane64 k) => new(Math.ScaleB(a.v, (int)k.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lane64 Mask(bool isSet) => OfBits(isSet ? ulong.MaxValue : 0, 0);
}

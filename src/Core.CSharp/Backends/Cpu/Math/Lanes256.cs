using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>256 bits of float64, float32, int64 or bytes.</summary>
internal readonly unsafe struct Lanes256<T>(Vector256<T> value) : ILanes<Lanes256<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> v = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Of(double value)
    {
        if (typeof(T) == typeof(double))
            return new(Vector256.Create(value).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector256.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(long))
            return new(Vector256.Create((long)value).As<long, T>());
        return new(Vector256.Create((byte)value).As<byte, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Of(double forDouble, double forSingle) => Of(IsSingle ? forSingle : forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> OfBits(ulong forDouble, uint forSingle) =>
        IsSingle ? new(Vector256.Create(forSingle).As<uint, T>()) : new(Vector256.Create(forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, T* target) => value.v.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadPart(T* source, int count)
    {
        if (Avx.IsSupported && sizeof(T) == 8)
        {
            Vector256<double> mask = FirstLanes(count).AsDouble();
            return new(Avx.MaskLoad((double*)source, mask).As<double, T>());
        }
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            Vector256<float> mask = FirstLanes(count).AsSingle();
            return new(Avx.MaskLoad((float*)source, mask).As<float, T>());
        }
        return LanePart.Load<Lanes256<T>, T>(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Lanes256<T> value, T* target, int count)
    {
        if (Avx.IsSupported && sizeof(T) == 8)
            Avx.MaskStore((double*)target, FirstLanes(count).AsDouble(), value.v.AsDouble());
        else if (Avx.IsSupported && sizeof(T) == 4)
            Avx.MaskStore((float*)target, FirstLanes(count).AsSingle(), value.v.AsSingle());
        else
            LanePart.Store(value, target, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> FirstLanes(int count) =>
        sizeof(T) == 8
            ? Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsByte()
            : Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> value) => Lanes128<T>.Sum(new(value.v.GetLower() + value.v.GetUpper()));

    /// <summary>The lanes whose numbers the bits of <paramref name="places"/> are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Pick(Lanes256<T> value, Lanes256<T> places) =>
        sizeof(T) == sizeof(long)
            ? new(Vector256.Shuffle(value.v.AsInt64(), places.v.AsInt64()).As<long, T>())
            : new(Vector256.Shuffle(value.v.AsInt32(), places.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Lanes256<T> value) => value.v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> a, Lanes256<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a, Lanes256<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> a, Lanes256<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> a, Lanes256<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator &(Lanes256<T> a, Lanes256<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator |(Lanes256<T> a, Lanes256<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator ^(Lanes256<T> a, Lanes256<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c)
    {
        if (typeof(T) == typeof(double))
            return new(Vector256.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector256.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return (a * b) + c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplySubtract(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c)
    {
        if (Fma.IsSupported && typeof(T) == typeof(double))
            return new(Fma.MultiplySubtract(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Fma.IsSupported && typeof(T) == typeof(float))
            return new(Fma.MultiplySubtract(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(a, b, -c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAddNegated(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c)
    {
        if (Fma.IsSupported && typeof(T) == typeof(double))
            return new(Fma.MultiplyAddNegated(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Fma.IsSupported && typeof(T) == typeof(float))
            return new(Fma.MultiplyAddNegated(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(-a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> a) => new(Vector256.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> a) => new(Vector256.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Floor(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.Floor(a.v.AsSingle()).As<float, T>())
            : new(Vector256.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Ceiling(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.Ceiling(a.v.AsSingle()).As<float, T>())
            : new(Vector256.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.Round(a.v.AsSingle()).As<float, T>())
            : new(Vector256.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Truncate(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.Truncate(a.v.AsSingle()).As<float, T>())
            : new(Vector256.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Max(a.v, b.v));

    // The second operand of MINPD and MAXPD is the result when either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AtMost(Lanes256<T> bound, Lanes256<T> a) => new(Vector256.MinNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AtLeast(Lanes256<T> bound, Lanes256<T> a) => new(Vector256.MaxNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Equal(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Less(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LessOrEqual(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SignMask(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.LessThan(a.v.AsInt32(), Vector256<int>.Zero).As<int, T>())
            : new(Vector256.LessThan(a.v.AsInt64(), Vector256<long>.Zero).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> a, Lanes256<T> b) =>
        new(Vector256.ConditionalSelect(mask.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(Lanes256<T> mask) => Vector256.ExtractMostSignificantBits(mask.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> FromBits(ulong bits)
    {
        if (sizeof(T) == 4)
        {
            Vector256<uint> bit = Vector256.Create(LanePart.Bits32);
            return new(Vector256.Equals(Vector256.Create((uint)bits) & bit, bit).As<uint, T>());
        }
        Vector256<ulong> one = Vector256.Create(LanePart.Bits64);
        return new(Vector256.Equals(Vector256.Create(bits) & one, one).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AddBits(Lanes256<T> a, Lanes256<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() + b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SubtractBits(Lanes256<T> a, Lanes256<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() - b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() - b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftLeft(Lanes256<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() << forSingle).As<uint, T>()) : new((a.v.AsUInt64() << forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftRight(Lanes256<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() >> forSingle).As<uint, T>()) : new((a.v.AsUInt64() >> forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> IntegerToFloat(Lanes256<T> a) =>
        IsSingle
            ? new(Vector256.ConvertToSingle(a.v.AsInt32()).As<float, T>())
            : new(Vector256.ConvertToDouble(a.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Scale(Lanes256<T> a, Lanes256<T> k) => PowerOfTwo.Scale(a, k);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>128 bits of float64, float32, int64 or bytes.</summary>
internal readonly unsafe struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> v = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Of(double value)
    {
        if (typeof(T) == typeof(double))
            return new(Vector128.Create(value).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector128.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(long))
            return new(Vector128.Create((long)value).As<long, T>());
        return new(Vector128.Create((byte)value).As<byte, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Of(double forDouble, double forSingle) => Of(IsSingle ? forSingle : forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> OfBits(ulong forDouble, uint forSingle) =>
        IsSingle ? new(Vector128.Create(forSingle).As<uint, T>()) : new(Vector128.Create(forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, T* target) => value.v.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadPart(T* source, int count)
    {
        if (Avx.IsSupported && sizeof(T) == 8)
        {
            Vector128<double> mask = FirstLanes(count).AsDouble();
            return new(Avx.MaskLoad((double*)source, mask).As<double, T>());
        }
        if (Avx.IsSupported && sizeof(T) == 4)
        {
            Vector128<float> mask = FirstLanes(count).AsSingle();
            return new(Avx.MaskLoad((float*)source, mask).As<float, T>());
        }
        return LanePart.Load<Lanes128<T>, T>(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Lanes128<T> value, T* target, int count)
    {
        if (Avx.IsSupported && sizeof(T) == 8)
            Avx.MaskStore((double*)target, FirstLanes(count).AsDouble(), value.v.AsDouble());
        else if (Avx.IsSupported && sizeof(T) == 4)
            Avx.MaskStore((float*)target, FirstLanes(count).AsSingle(), value.v.AsSingle());
        else
            LanePart.Store(value, target, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> FirstLanes(int count) =>
        sizeof(T) == 8
            ? Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).AsByte()
            : Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> value)
    {
        if (typeof(T) != typeof(float))
            return Vector128.Sum(value.v);
        Vector128<float> all = value.v.AsSingle();
        Vector128<float> two = all + Vector128.Shuffle(all, Vector128.Create(2, 3, 2, 3));
        return (two + Vector128.Shuffle(two, Vector128.Create(1, 1, 1, 1))).As<float, T>().ToScalar();
    }

    /// <summary>The lanes whose numbers the bits of <paramref name="places"/> are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Pick(Lanes128<T> value, Lanes128<T> places) =>
        sizeof(T) == sizeof(long)
            ? new(Vector128.Shuffle(value.v.AsInt64(), places.v.AsInt64()).As<long, T>())
            : new(Vector128.Shuffle(value.v.AsInt32(), places.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Lanes128<T> value) => value.v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> a, Lanes128<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a, Lanes128<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> a, Lanes128<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> a, Lanes128<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator &(Lanes128<T> a, Lanes128<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator |(Lanes128<T> a, Lanes128<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator ^(Lanes128<T> a, Lanes128<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c)
    {
        if (typeof(T) == typeof(double))
            return new(Vector128.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector128.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return (a * b) + c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplySubtract(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c)
    {
        if (Fma.IsSupported && typeof(T) == typeof(double))
            return new(Fma.MultiplySubtract(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Fma.IsSupported && typeof(T) == typeof(float))
            return new(Fma.MultiplySubtract(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(a, b, -c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAddNegated(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c)
    {
        if (Fma.IsSupported && typeof(T) == typeof(double))
            return new(Fma.MultiplyAddNegated(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Fma.IsSupported && typeof(T) == typeof(float))
            return new(Fma.MultiplyAddNegated(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(-a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> a) => new(Vector128.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> a) => new(Vector128.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Floor(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.Floor(a.v.AsSingle()).As<float, T>())
            : new(Vector128.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Ceiling(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.Ceiling(a.v.AsSingle()).As<float, T>())
            : new(Vector128.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.Round(a.v.AsSingle()).As<float, T>())
            : new(Vector128.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Truncate(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.Truncate(a.v.AsSingle()).As<float, T>())
            : new(Vector128.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Max(a.v, b.v));

    // The second operand of MINPD and MAXPD is the result when either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AtMost(Lanes128<T> bound, Lanes128<T> a) => new(Vector128.MinNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AtLeast(Lanes128<T> bound, Lanes128<T> a) => new(Vector128.MaxNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Equal(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Less(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LessOrEqual(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SignMask(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.LessThan(a.v.AsInt32(), Vector128<int>.Zero).As<int, T>())
            : new(Vector128.LessThan(a.v.AsInt64(), Vector128<long>.Zero).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> a, Lanes128<T> b) =>
        new(Vector128.ConditionalSelect(mask.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(Lanes128<T> mask) => Vector128.ExtractMostSignificantBits(mask.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FromBits(ulong bits)
    {
        if (sizeof(T) == 4)
        {
            Vector128<uint> bit = Vector128.Create(LanePart.Bits32);
            return new(Vector128.Equals(Vector128.Create((uint)bits) & bit, bit).As<uint, T>());
        }
        Vector128<ulong> one = Vector128.Create(LanePart.Bits64);
        return new(Vector128.Equals(Vector128.Create(bits) & one, one).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AddBits(Lanes128<T> a, Lanes128<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() + b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SubtractBits(Lanes128<T> a, Lanes128<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() - b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() - b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftLeft(Lanes128<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() << forSingle).As<uint, T>()) : new((a.v.AsUInt64() << forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftRight(Lanes128<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() >> forSingle).As<uint, T>()) : new((a.v.AsUInt64() >> forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> IntegerToFloat(Lanes128<T> a) =>
        IsSingle
            ? new(Vector128.ConvertToSingle(a.v.AsInt32()).As<float, T>())
            : new(Vector128.ConvertToDouble(a.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Scale(Lanes128<T> a, Lanes128<T> k) => PowerOfTwo.Scale(a, k);
}

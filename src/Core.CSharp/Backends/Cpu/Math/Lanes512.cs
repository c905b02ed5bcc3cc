using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>512 bits of float64, float32, int64 or bytes.</summary>
internal readonly unsafe struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> v = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Of(double value)
    {
        if (typeof(T) == typeof(double))
            return new(Vector512.Create(value).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector512.Create((float)value).As<float, T>());
        if (typeof(T) == typeof(long))
            return new(Vector512.Create((long)value).As<long, T>());
        return new(Vector512.Create((byte)value).As<byte, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Of(double forDouble, double forSingle) => Of(IsSingle ? forSingle : forDouble);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> OfBits(ulong forDouble, uint forSingle) =>
        IsSingle ? new(Vector512.Create(forSingle).As<uint, T>()) : new(Vector512.Create(forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, T* target) => value.v.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadPart(T* source, int count)
    {
        if (Avx512F.IsSupported && sizeof(T) == 8)
        {
            Vector512<double> mask = FirstLanes(count).AsDouble();
            return new(Avx512F.MaskLoad((double*)source, mask, Vector512<double>.Zero).As<double, T>());
        }
        if (Avx512F.IsSupported && sizeof(T) == 4)
        {
            Vector512<float> mask = FirstLanes(count).AsSingle();
            return new(Avx512F.MaskLoad((float*)source, mask, Vector512<float>.Zero).As<float, T>());
        }
        return LanePart.Load<Lanes512<T>, T>(source, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Lanes512<T> value, T* target, int count)
    {
        if (Avx512F.IsSupported && sizeof(T) == 8)
            Avx512F.MaskStore((double*)target, FirstLanes(count).AsDouble(), value.v.AsDouble());
        else if (Avx512F.IsSupported && sizeof(T) == 4)
            Avx512F.MaskStore((float*)target, FirstLanes(count).AsSingle(), value.v.AsSingle());
        else
            LanePart.Store(value, target, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> FirstLanes(int count) =>
        sizeof(T) == 8
            ? Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsByte()
            : Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> value) => Lanes256<T>.Sum(new(value.v.GetLower() + value.v.GetUpper()));

    /// <summary>
    /// Halves, then quarters, of all four side by side, after which each has 128 bits of its own; in these, elements that are 64 and then 32 bits apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sums(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c, Lanes512<T> d, T* target)
    {
        if (!Avx512F.IsSupported || sizeof(T) < 4)
        {
            (target[0], target[1], target[2], target[3]) = (Sum(a), Sum(b), Sum(c), Sum(d));
            return;
        }
        Vector512<T> ab = Quarters(a.v, b.v, 0b01_00_01_00) + Quarters(a.v, b.v, 0b11_10_11_10);
        Vector512<T> cd = Quarters(c.v, d.v, 0b01_00_01_00) + Quarters(c.v, d.v, 0b11_10_11_10);
        Vector512<T> all = Quarters(ab, cd, 0b10_00_10_00) + Quarters(ab, cd, 0b11_01_11_01);
        all += Avx512F.Permute2x64(all.AsDouble(), 0b01_01_01_01).As<double, T>();
        if (sizeof(T) == 8)
        {
            Vector512
                .Shuffle(all.AsDouble(), Vector512.Create(0, 2, 4, 6, 0, 2, 4, 6))
                .GetLower()
                .As<double, T>()
                .Store(target);
            return;
        }
        all += Avx512F.Permute4x32(all.AsSingle(), 0b10_11_00_01).As<float, T>();
        Vector512
            .Shuffle(all.AsSingle(), Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12))
            .GetLower()
            .GetLower()
            .As<float, T>()
            .Store(target);
    }

    /// <summary>Two quarters of one vector, then two of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Quarters(Vector512<T> a, Vector512<T> b, [ConstantExpected] byte numbers) =>
        Avx512F.Shuffle4x128(a.AsSingle(), b.AsSingle(), numbers).As<float, T>();

    /// <summary>The lanes whose numbers the bits of <paramref name="places"/> are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Pick(Lanes512<T> value, Lanes512<T> places) =>
        sizeof(T) == sizeof(long)
            ? new(Vector512.Shuffle(value.v.AsInt64(), places.v.AsInt64()).As<long, T>())
            : new(Vector512.Shuffle(value.v.AsInt32(), places.v.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Lanes512<T> value) => value.v.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> a, Lanes512<T> b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a, Lanes512<T> b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> a, Lanes512<T> b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> a, Lanes512<T> b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> a) => new(-a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator &(Lanes512<T> a, Lanes512<T> b) => new(a.v & b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator |(Lanes512<T> a, Lanes512<T> b) => new(a.v | b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator ^(Lanes512<T> a, Lanes512<T> b) => new(a.v ^ b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c)
    {
        if (typeof(T) == typeof(double))
            return new(Vector512.FusedMultiplyAdd(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (typeof(T) == typeof(float))
            return new(Vector512.FusedMultiplyAdd(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return (a * b) + c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplySubtract(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c)
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(double))
            return new(Avx512F.FusedMultiplySubtract(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
            return new(Avx512F.FusedMultiplySubtract(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(a, b, -c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAddNegated(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c)
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(double))
            return new(Avx512F.FusedMultiplyAddNegated(a.v.AsDouble(), b.v.AsDouble(), c.v.AsDouble()).As<double, T>());
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
            return new(Avx512F.FusedMultiplyAddNegated(a.v.AsSingle(), b.v.AsSingle(), c.v.AsSingle()).As<float, T>());
        return MultiplyAdd(-a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> a) => new(Vector512.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> a) => new(Vector512.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Floor(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.Floor(a.v.AsSingle()).As<float, T>())
            : new(Vector512.Floor(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Ceiling(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.Ceiling(a.v.AsSingle()).As<float, T>())
            : new(Vector512.Ceiling(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.Round(a.v.AsSingle()).As<float, T>())
            : new(Vector512.Round(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Truncate(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.Truncate(a.v.AsSingle()).As<float, T>())
            : new(Vector512.Truncate(a.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Max(a.v, b.v));

    // The second operand of MINPD and MAXPD is the result when either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AtMost(Lanes512<T> bound, Lanes512<T> a) => new(Vector512.MinNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AtLeast(Lanes512<T> bound, Lanes512<T> a) => new(Vector512.MaxNative(bound.v, a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Equal(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Less(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LessOrEqual(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThanOrEqual(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SignMask(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.LessThan(a.v.AsInt32(), Vector512<int>.Zero).As<int, T>())
            : new(Vector512.LessThan(a.v.AsInt64(), Vector512<long>.Zero).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> a, Lanes512<T> b) =>
        new(Vector512.ConditionalSelect(mask.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(Lanes512<T> mask) => Vector512.ExtractMostSignificantBits(mask.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FromBits(ulong bits)
    {
        if (sizeof(T) == 4)
        {
            Vector512<uint> bit = Vector512.Create(LanePart.Bits32);
            return new(Vector512.Equals(Vector512.Create((uint)bits) & bit, bit).As<uint, T>());
        }
        Vector512<ulong> one = Vector512.Create(LanePart.Bits64);
        return new(Vector512.Equals(Vector512.Create(bits) & one, one).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AddBits(Lanes512<T> a, Lanes512<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() + b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() + b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SubtractBits(Lanes512<T> a, Lanes512<T> b) =>
        IsSingle
            ? new((a.v.AsInt32() - b.v.AsInt32()).As<int, T>())
            : new((a.v.AsInt64() - b.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftLeft(Lanes512<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() << forSingle).As<uint, T>()) : new((a.v.AsUInt64() << forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftRight(Lanes512<T> a, int forDouble, int forSingle) =>
        IsSingle ? new((a.v.AsUInt32() >> forSingle).As<uint, T>()) : new((a.v.AsUInt64() >> forDouble).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> IntegerToFloat(Lanes512<T> a) =>
        IsSingle
            ? new(Vector512.ConvertToSingle(a.v.AsInt32()).As<float, T>())
            : new(Vector512.ConvertToDouble(a.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Scale(Lanes512<T> a, Lanes512<T> k)
    {
        if (!Avx512F.IsSupported)
            return PowerOfTwo.Scale(a, k);
        return IsSingle
            ? new(Avx512F.Scale(a.v.AsSingle(), k.v.AsSingle()).As<float, T>())
            : new(Avx512F.Scale(a.v.AsDouble(), k.v.AsDouble()).As<double, T>());
    }
}

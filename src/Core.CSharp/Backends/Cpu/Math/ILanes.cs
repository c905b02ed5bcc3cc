namespace Implicit.Backends.Cpu;

/// <summary>
/// A hardware vector of numbers, so that a function of one lane is written once for every width and element type.
/// Masks are vectors whose lanes are all ones or all zeros.
/// </summary>
internal interface ILanes<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>How many lanes there are.</summary>
    static abstract int Count { get; }

    /// <summary>Whether lanes are float32.</summary>
    static abstract bool IsSingle { get; }

    /// <summary>Every lane the number, rounded to the lanes' type.</summary>
    static abstract V Of(double value);

    /// <summary>Every lane a number that differs by type: the first for float64, the second for float32.</summary>
    static abstract V Of(double forDouble, double forSingle);

    /// <summary>Every lane a bit pattern: the first for 64-bit lanes, the second for float32.</summary>
    static abstract V OfBits(ulong forDouble, uint forSingle);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    static abstract V operator -(V a);

    static abstract V operator &(V a, V b);

    static abstract V operator |(V a, V b);

    static abstract V operator ^(V a, V b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>a·b − c, rounded once. The JIT makes a negation of c an instruction of its own.</summary>
    static abstract V MultiplySubtract(V a, V b, V c);

    /// <summary>c − a·b, rounded once; likewise.</summary>
    static abstract V MultiplyAddNegated(V a, V b, V c);
    static abstract V Sqrt(V a);
    static abstract V Abs(V a);
    static abstract V Floor(V a);
    static abstract V Ceiling(V a);

    /// <summary>To the nearest integer, halves to even.</summary>
    static abstract V Round(V a);
    static abstract V Truncate(V a);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller of a bound that is no NaN and a value, which passes if it is NaN: one instruction.</summary>
    static abstract V AtMost(V bound, V a);

    /// <summary>The larger of a bound that is no NaN and a value, which passes if it is NaN: one instruction.</summary>
    static abstract V AtLeast(V bound, V a);

    static abstract V Equal(V a, V b);
    static abstract V Less(V a, V b);
    static abstract V LessOrEqual(V a, V b);

    /// <summary>A mask of the lanes whose sign bit is set.</summary>
    static abstract V SignMask(V a);
    static abstract V Select(V mask, V a, V b);

    /// <summary>The mask's lanes as bits, lane 0 lowest.</summary>
    static abstract ulong ToBits(V mask);

    /// <summary>The inverse of <see cref="ToBits"/>.</summary>
    static abstract V FromBits(ulong bits);

    /// <summary>Adds lanes as integers.</summary>
    static abstract V AddBits(V a, V b);

    /// <summary>Subtracts lanes as integers.</summary>
    static abstract V SubtractBits(V a, V b);

    /// <summary>By a number of bits that differs by type; written as two constants it is part of the instruction.</summary>
    static abstract V ShiftLeft(V a, int forDouble, int forSingle);

    /// <summary>As <see cref="ShiftLeft"/>; shifts zeros in.</summary>
    static abstract V ShiftRight(V a, int forDouble, int forSingle);

    /// <summary>The integer that a lane's bits are, as a floating-point number.</summary>
    static abstract V IntegerToFloat(V a);

    /// <summary>a·2^k for whole k, rounded once; |a| in [½, 2], k in twice the exponent's range.</summary>
    static abstract V Scale(V a, V k);
}

/// <summary>Lanes of a known element type, which can be loaded and stored.</summary>
internal unsafe interface ILanes<V, T> : ILanes<V>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    static abstract V Broadcast(T value);
    static abstract V Load(T* source);

    /// <summary>Loads the first lanes and reads nothing beyond; the others are zero.</summary>
    static abstract V LoadPart(T* source, int count);
    static abstract void Store(V value, T* target);

    /// <summary>Stores the first lanes and writes nothing beyond.</summary>
    static abstract void StorePart(V value, T* target, int count);

    /// <summary>The lanes' sum: the upper half is added to the lower one, until one lane is left.</summary>
    static abstract T Sum(V value);

    /// <summary>The <see cref="Sum"/> of each of four values, one behind the other.</summary>
    static virtual void Sums(V a, V b, V c, V d, T* target)
    {
        target[0] = V.Sum(a);
        target[1] = V.Sum(b);
        target[2] = V.Sum(c);
        target[3] = V.Sum(d);
    }

    static abstract T First(V value);
}

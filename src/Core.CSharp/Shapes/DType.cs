namespace Implicit;

/// <summary>What the elements of a tensor are.</summary>
public enum DType
{
    /// <summary>64-bit floating point: the default.</summary>
    Float64,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>64-bit signed integers: indices, counts and random keys. Never differentiated.</summary>
    Int64,

    /// <summary>Truth values, one byte each: masks. Never differentiated.</summary>
    Bool,

    /// <summary>A value that only its solver reads (accepted steps, checkpoints, a factorisation).</summary>
    Opaque,
}

/// <summary>Facts about element types.</summary>
internal static class DTypes
{
    extension(DType dtype)
    {
        /// <summary>Whether elements are floating-point numbers, the only ones with derivatives.</summary>
        public bool IsFloat => dtype is DType.Float64 or DType.Float32;

        /// <summary>Bytes per element; 0 for opaque values, which have no elements.</summary>
        public int Size =>
            dtype switch
            {
                DType.Float64 or DType.Int64 => 8,
                DType.Float32 => 4,
                DType.Bool => 1,
                _ => 0,
            };

        /// <summary>Whether a number is one of the type's up to rounding: an int64 must be whole, and small enough.</summary>
        public bool Holds(double number) =>
            dtype != DType.Int64
            || (number == Math.Floor(number) && number is >= long.MinValue and < -(double)long.MinValue);

        /// <summary>The name used in messages and printing.</summary>
        public string Name => dtype.ToString().ToLowerInvariant();
    }
}

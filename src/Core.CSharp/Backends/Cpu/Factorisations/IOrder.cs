using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>How a matrix lies whose memory is that of another: as its rows, or as its transpose, from the first element on or from the last. A type, so that the step from element to element is known to the JIT.</summary>
internal interface IOrder
{
    /// <summary>From one row to the next, given the step between rows in memory and that between the elements of one.</summary>
    static abstract nint Down(nint row, nint element);

    /// <summary>From one column to the next.</summary>
    static abstract nint Across(nint row, nint element);
}

/// <summary>The four orders.</summary>
internal static class Order
{
    public readonly struct Rows : IOrder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Down(nint row, nint element) => row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Across(nint row, nint element) => element;
    }

    public readonly struct Transposed : IOrder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Down(nint row, nint element) => element;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Across(nint row, nint element) => row;
    }

    /// <summary>From the last element on.</summary>
    public readonly struct Backwards : IOrder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Down(nint row, nint element) => -row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Across(nint row, nint element) => -element;
    }

    public readonly struct TransposedBackwards : IOrder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Down(nint row, nint element) => -element;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Across(nint row, nint element) => -row;
    }
}

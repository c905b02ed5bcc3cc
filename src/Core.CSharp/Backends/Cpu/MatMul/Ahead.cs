using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>Memory that tiles ask for while they compute, as a type: where there is nothing to ask for, nothing is done.</summary>
internal interface IAhead<A>
    where A : struct, IAhead<A>
{
    /// <summary>Asks for what a term takes its turn for.</summary>
    void Ask();

    /// <summary>What is asked for after some terms.</summary>
    A After(nint terms);
}

internal static unsafe class Ahead
{
    internal readonly struct Nothing : IAhead<Nothing>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Ask() { }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Nothing After(nint terms) => this;
    }

    /// <summary>What lies from a place on, some bytes with each term, for the second cache.</summary>
    internal readonly struct Memory(byte* place, nint step) : IAhead<Memory>
    {
        private readonly byte* place = place;
        private readonly nint step = step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Ask()
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(place);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Memory After(nint terms) => new(place + (terms * step), step);
    }
}

using System.Runtime.InteropServices;

namespace Implicit.Backends.Cpu;

/// <summary>Native scratch memory of a factorisation, 64-byte aligned, freed at the end of its scope.</summary>
internal readonly unsafe ref struct Workspace<T>(nint length)
    where T : unmanaged
{
    public readonly T* Pointer = (T*)NativeMemory.AlignedAlloc((nuint)(Math.Max(length, 1) * sizeof(T)), 64);

    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}

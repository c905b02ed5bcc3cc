using System.Runtime.InteropServices;

namespace Implicit.Backends.Cpu;

/// <summary>Native scratch memory, 64-byte aligned, freed at the end of its scope; nothing is asked for where nothing is needed.</summary>
internal readonly unsafe ref struct Workspace<T>(nint length)
    where T : unmanaged
{
    public readonly T* Pointer = length == 0 ? null : (T*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(T)), 64);

    public void Dispose()
    {
        if (Pointer != null)
            NativeMemory.AlignedFree(Pointer);
    }
}

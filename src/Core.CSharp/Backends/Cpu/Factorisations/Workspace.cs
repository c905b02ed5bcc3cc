namespace Implicit.Backends.Cpu;

/// <summary>Scratch memory of the calling thread, 64-byte aligned, given back at the end of its scope; nothing is asked for where nothing is needed.</summary>
internal readonly unsafe ref struct Workspace<T>(nint length)
    where T : unmanaged
{
    public readonly T* Pointer = length == 0 ? null : (T*)ScratchStack.Push(length * sizeof(T));

    public void Dispose()
    {
        if (Pointer != null)
            ScratchStack.Pop((byte*)Pointer);
    }
}

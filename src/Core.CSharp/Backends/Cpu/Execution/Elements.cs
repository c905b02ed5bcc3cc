namespace Implicit.Backends.Cpu;

/// <summary>Moves elements of which only the size is known.</summary>
internal static unsafe class Elements
{
    public static void Copy(int size, Value source, byte* target, int count)
    {
        if (size == 8)
            Plain.Gather((long*)source.Pointer, source.Step, (long*)target, count);
        else if (size == 4)
            Plain.Gather((int*)source.Pointer, source.Step, (int*)target, count);
        else
            Plain.Gather(source.Pointer, source.Step, target, count);
    }
}

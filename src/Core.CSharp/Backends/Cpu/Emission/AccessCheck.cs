using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The checked mode: every access of emitted loops is held against the operand's bounds. Code without loops needs no such mode, as all its
/// places are checked when it is emitted.
/// </summary>
internal static unsafe class AccessCheck
{
    /// <summary>Whether code that is emitted from now on checks; set by IMPLICIT_CHECKED=1, and by tests.</summary>
    public static bool IsEnabled { get; set; } = Environment.GetEnvironmentVariable("IMPLICIT_CHECKED") == "1";

    /// <summary>The address, if so many bytes from it on lie within the operand's.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Within(byte* address, nint bytes, byte* start, nint length)
    {
        if (address < start || address + bytes > start + length)
            throw Outside($"bytes {address - start} … {address - start + bytes - 1} of {length}");
        return address;
    }

    /// <summary>What is thrown when machine code would leave its operands.</summary>
    public static InvalidOperationException Outside(string received) =>
        new($"[emission] machine code must stay inside its operands. Received {received}.");
}

namespace Implicit.Backends.Cpu;

/// <summary>A whole number as a type, so that a kernel's extents are constants of its compilation.</summary>
internal interface ISize
{
    static abstract int Value { get; }
}

internal static class Size
{
    internal readonly struct One : ISize
    {
        public static int Value => 1;
    }

    internal readonly struct Two : ISize
    {
        public static int Value => 2;
    }

    internal readonly struct Three : ISize
    {
        public static int Value => 3;
    }

    internal readonly struct Four : ISize
    {
        public static int Value => 4;
    }

    internal readonly struct Five : ISize
    {
        public static int Value => 5;
    }
}

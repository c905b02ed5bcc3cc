namespace Implicit.Tests.Engine;

/// <summary>What nobody refers to any more.</summary>
internal static class Garbage
{
    /// <summary>Collects it all: what was finalised sets more free, so more than once.</summary>
    public static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}

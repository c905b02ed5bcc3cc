using System.Numerics;

namespace Implicit.Shapes;

/// <summary>How fine the numbers of an element type are.</summary>
internal static class Precision
{
    /// <summary>The distance from 1 to the next number.</summary>
    public static T Of<T>()
        where T : IFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;
}

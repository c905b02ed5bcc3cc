using System.Reflection;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>
/// What a traced function returns must not hold what it was traced with but as a tensor of a tree: in a function among it, it would get out, and never have
/// a number. A curried function of F# returns such a one.
/// </summary>
internal static class Escape
{
    /// <summary>How far from a function what it captured is looked for.</summary>
    private const int Depth = 5;

    private const int MostObjects = 256;

    /// <summary>The tensors of what a traced function returned.</summary>
    public static Tensor[] Results(string op, object? result)
    {
        if (result is not Tensor and not null)
        {
            var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
            foreach (object constant in Tree.Constants(result))
                if (Holds(constant, Depth, seen))
                    Throw.Error(
                        op,
                        "a function must not return others that hold what it was traced with (it takes arguments that belong together as one tuple or record)",
                        constant is Delegate ? "a function" : constant.GetType().Name
                    );
        }
        return Tree.Leaves(result);
    }

    private static bool Holds(object? value, int depth, HashSet<object> seen) =>
        value switch
        {
            null or string or MemberInfo => false,
            Tensor tensor => tensor.IsTraced,
            Delegate function => Holds(function.Target, depth, seen),
            _ when value.GetType() is var type && (type.IsPrimitive || type.IsEnum) => false,
            _ when depth == 0 || seen.Count == MostObjects || !seen.Add(value) => false,
            Array items => !items.GetType().GetElementType()!.IsPrimitive
                && items.Cast<object?>().Any(item => Holds(item, depth - 1, seen)),
            _ => Array.Exists(
                Holding.Fields(value.GetType()),
                field => !field.FieldType.IsPrimitive && Holds(field.GetValue(value), depth - 1, seen)
            ),
        };
}

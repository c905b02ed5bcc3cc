using System.Linq.Expressions;
using System.Reflection;
using Implicit.Transforms;

namespace Implicit.Runtime;

/// <summary>The lambdas in an object that is not watched, of the framework or of this library, say: what they capture is.</summary>
internal static class HiddenLambdas
{
    /// <summary>How many objects are searched.</summary>
    private const int Most = 2000;

    /// <summary>The lambdas that an object leads to; null if there may be others, where no search sees them.</summary>
    public static List<Delegate>? Of(object hidden)
    {
        var found = new List<Delegate>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var ahead = new Stack<object>();
        ahead.Push(hidden);
        while (ahead.TryPop(out object? next))
        {
            if (next is Delegate lambda)
                found.Add(lambda);
            if (next is Delegate or Tensor or string or MemberInfo || next.GetType().IsPrimitive || !seen.Add(next))
                continue;
            if (seen.Count > Most || HidesCode(next))
                return null;
            foreach (object? part in Parts(next))
                if (part is not null)
                    ahead.Push(part);
        }
        return found;
    }

    /// <summary>An expression that may be compiled, variables without the lambda that uses them, and what leads on by no field.</summary>
    private static bool HidesCode(object part) =>
        part is Expression
        || FieldsRead.AreShared(part.GetType())
        || part.GetType().Name.StartsWith(nameof(WeakReference), StringComparison.Ordinal);

    private static IEnumerable<object?> Parts(object whole)
    {
        Type type = whole.GetType();
        return whole is not Array array ? ClosureState.Fields(type).Select(field => field.GetValue(whole))
            : type.GetElementType() is { IsPrimitive: false, IsPointer: false, IsFunctionPointer: false }
                ? array.Cast<object?>()
            : [];
    }
}

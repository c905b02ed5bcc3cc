namespace Implicit.Kernels;

/// <summary>Walks over scalar expressions, which share parts: each part is visited once.</summary>
internal static class ScalarBody
{
    /// <summary>The number of distinct parts.</summary>
    public static int Size(Scalar body)
    {
        int size = 0;
        Visit(body, _ => size++);
        return size;
    }

    /// <summary>Looks at each distinct part.</summary>
    public static void Visit(Scalar body, Action<Scalar> action) =>
        Visit(body, new HashSet<Scalar>(ReferenceEqualityComparer.Instance), action);

    /// <summary>Whether the value depends on the coordinates of the point themselves.</summary>
    public static bool UsesIndex(Scalar body) => Any(body, part => part is Scalar.Index);

    /// <summary>Whether some intrinsic costs much more than arithmetic.</summary>
    public static bool IsDear(Scalar body) =>
        Any(
            body,
            part =>
                part
                    is Scalar.Unary { Intrinsic: >= UnaryIntrinsic.Exp and <= UnaryIntrinsic.Erf }
                        or Scalar.Binary { Intrinsic: BinaryIntrinsic.Power or BinaryIntrinsic.Atan2 }
        );

    /// <summary>The expression with other inputs; parts that were shared stay shared.</summary>
    public static Scalar Replace(Scalar body, Func<Scalar.Input, Scalar> replacement) =>
        Replace(body, replacement, new Dictionary<Scalar, Scalar>(ReferenceEqualityComparer.Instance));

    private static Scalar Replace(Scalar body, Func<Scalar.Input, Scalar> replacement, Dictionary<Scalar, Scalar> known)
    {
        if (known.TryGetValue(body, out Scalar? found))
            return found;
        Scalar replaced = body switch
        {
            Scalar.Input input => replacement(input),
            Scalar.Unary unary => unary with { A = Replace(unary.A, replacement, known) },
            Scalar.Cast cast => cast with { A = Replace(cast.A, replacement, known) },
            Scalar.Binary binary => binary with
            {
                A = Replace(binary.A, replacement, known),
                B = Replace(binary.B, replacement, known),
            },
            Scalar.Select select => select with
            {
                Condition = Replace(select.Condition, replacement, known),
                Then = Replace(select.Then, replacement, known),
                Otherwise = Replace(select.Otherwise, replacement, known),
            },
            _ => body,
        };
        known[body] = replaced;
        return replaced;
    }

    private static bool Any(Scalar body, Func<Scalar, bool> predicate)
    {
        bool any = false;
        Visit(body, part => any |= predicate(part));
        return any;
    }

    private static void Visit(Scalar body, HashSet<Scalar> seen, Action<Scalar> action)
    {
        if (!seen.Add(body))
            return;
        action(body);
        foreach (Scalar part in body.Parts)
            Visit(part, seen, action);
    }
}

namespace Implicit.Kernels;

/// <summary>Walks over scalar expressions, which share parts: each part is visited once.</summary>
internal static class ScalarBody
{
    /// <summary>The number of distinct parts.</summary>
    public static int Size(Scalar body) => Summarise(body).Size;

    /// <summary>Looks at each distinct part.</summary>
    public static void Visit(Scalar body, Action<Scalar> action) =>
        Visit(body, new HashSet<Scalar>(ReferenceEqualityComparer.Instance), action);

    /// <summary>Whether the value depends on the coordinates of the point themselves.</summary>
    public static bool UsesIndex(Scalar body) => Summarise(body).UsesIndex;

    /// <summary>Whether some intrinsic costs much more than arithmetic.</summary>
    public static bool IsDear(Scalar body) => Summarise(body).IsDear;

    /// <summary>All of these in one walk.</summary>
    public static (int Size, bool UsesIndex, bool IsDear) Summarise(Scalar body)
    {
        (int size, bool usesIndex, bool isDear) = (0, false, false);
        Visit(
            body,
            part =>
            {
                size++;
                usesIndex |= part is Scalar.Index;
                isDear |=
                    part
                        is Scalar.Unary { Intrinsic: >= UnaryIntrinsic.Exp and <= UnaryIntrinsic.Gelu }
                            or Scalar.Binary { Intrinsic: BinaryIntrinsic.Power or BinaryIntrinsic.Atan2 };
            }
        );
        return (size, usesIndex, isDear);
    }

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

    private static void Visit(Scalar body, HashSet<Scalar> seen, Action<Scalar> action)
    {
        if (!seen.Add(body))
            return;
        action(body);
        switch (body)
        {
            case Scalar.Unary unary:
                Visit(unary.A, seen, action);
                break;
            case Scalar.Cast cast:
                Visit(cast.A, seen, action);
                break;
            case Scalar.Binary binary:
                Visit(binary.A, seen, action);
                Visit(binary.B, seen, action);
                break;
            case Scalar.Select select:
                Visit(select.Condition, seen, action);
                Visit(select.Then, seen, action);
                Visit(select.Otherwise, seen, action);
                break;
        }
    }
}

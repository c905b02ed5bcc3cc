using System.Reflection.Emit;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Writes the code that keeps truth values as masks: as vectors of the type of which they come by comparing. Selections between vectors of that type
/// need no other form, and what is made of masks is a mask. The way over the bits of an integer is ten instructions longer.
/// </summary>
/// <param name="il">Writes the code.</param>
/// <param name="nodes">The body.</param>
/// <param name="types">The vectors.</param>
/// <param name="push">Puts the value of a node on the stack; of a truth value, its bits.</param>
internal sealed class LaneMasks(ILGenerator il, Node[] nodes, LaneTypes types, Action<int> push)
{
    private readonly LocalBuilder?[] masks = new LocalBuilder?[nodes.Length];
    private readonly DType[] elements = new DType[nodes.Length];

    /// <summary>Computes a truth value as a mask, if any vector decides of which type.</summary>
    public bool Compute(int node)
    {
        if (ElementOf(nodes[node]) is not { } element)
            return false;
        Write(nodes[node], element);
        Keep(node, element);
        return true;
    }

    /// <summary>Puts a truth value on the stack, as a mask for vectors of a type.</summary>
    public void Push(int node, DType element)
    {
        if (masks[node] is { } mask && elements[node] == element)
        {
            il.Emit(OpCodes.Ldloc, mask);
            return;
        }
        push(node);
        Call(element, nameof(Lanes512<>.FromBits));
        if (masks[node] is not null)
            return;
        il.Emit(OpCodes.Dup);
        Keep(node, element);
    }

    /// <summary>Puts the bits of a truth value that is a mask on the stack.</summary>
    public void PushBits(int node)
    {
        il.Emit(OpCodes.Ldloc, masks[node]!);
        Call(elements[node], nameof(Lanes512<>.ToBits));
    }

    /// <summary>From two vectors on the stack, those of Greater exchanged, a mask.</summary>
    public void Compare(BinaryIntrinsic intrinsic, DType element)
    {
        il.Emit(OpCodes.Call, LaneMethods.Comparison(intrinsic, types.Of(element)));
        if (intrinsic == BinaryIntrinsic.NotEqual)
            Invert(element);
    }

    private void Keep(int node, DType element)
    {
        masks[node] = il.DeclareLocal(types.Of(element));
        elements[node] = element;
        il.Emit(OpCodes.Stloc, masks[node]!);
    }

    /// <summary>What is compared, or what one of the truth values of which another is made is a mask for.</summary>
    private DType? ElementOf(Node n)
    {
        if (n.DType != DType.Bool || !n.IsComputed || n.Kind == NodeKind.Cast)
            return null;
        DType operand = nodes[n.A].DType;
        if (operand != DType.Bool)
            return operand;
        if (n.Kind == NodeKind.Binary && ((BinaryIntrinsic)n.Code).IsComparison)
            return null;
        foreach (int part in n.Operands)
            if (part >= 0 && masks[part] is not null)
                return elements[part];
        return null;
    }

    private void Write(Node n, DType element)
    {
        bool isMade = nodes[n.A].DType == DType.Bool;
        if (n.Kind == NodeKind.Select)
        {
            Push(n.A, element);
            Push(n.B, element);
            Push(n.C, element);
            Call(element, nameof(Lanes512<>.Select));
        }
        else if (n.Kind == NodeKind.Binary && isMade)
        {
            Push(n.A, element);
            Push(n.B, element);
            bool isEither = (BinaryIntrinsic)n.Code is BinaryIntrinsic.Or or BinaryIntrinsic.Maximum;
            Call(element, isEither ? "op_BitwiseOr" : "op_BitwiseAnd");
        }
        else if (n.Kind == NodeKind.Unary && isMade)
        {
            Push(n.A, element);
            Invert(element);
        }
        else
            WriteComparison(n, element);
    }

    private void WriteComparison(Node n, DType element)
    {
        var intrinsic = n.Kind == NodeKind.Binary ? (BinaryIntrinsic)n.Code : BinaryIntrinsic.NotEqual;
        bool isExchanged = intrinsic is BinaryIntrinsic.Greater or BinaryIntrinsic.GreaterOrEqual;
        push(isExchanged ? n.B : n.A);
        push(n.Kind == NodeKind.Unary || isExchanged ? n.A : n.B);
        Compare(intrinsic, element);
    }

    private void Invert(DType element)
    {
        il.Emit(OpCodes.Ldc_I8, -1L);
        il.Emit(OpCodes.Ldc_I4_M1);
        Call(element, nameof(Lanes512<>.OfBits));
        Call(element, "op_ExclusiveOr");
    }

    private void Call(DType element, string member) =>
        il.Emit(OpCodes.Call, LaneMethods.Member(types.Of(element), member));
}

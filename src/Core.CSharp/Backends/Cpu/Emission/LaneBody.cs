using System.Reflection.Emit;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Writes the code that computes the nodes of a body for several points at once. A node's value is in a local variable: a vector, or the
/// bits of an integer if it is a truth value that <see cref="LaneMasks"/> cannot keep.
/// </summary>
internal sealed class LaneBody
{
    private readonly ILGenerator il;
    private readonly Node[] nodes;
    private readonly LaneTypes types;
    private readonly bool inlinesFunctions;
    private readonly LocalBuilder?[] values;
    private readonly LaneMasks masks;

    public LaneBody(ILGenerator il, Node[] nodes, LaneTypes types, bool inlinesFunctions)
    {
        (this.il, this.nodes, this.types, this.inlinesFunctions) = (il, nodes, types, inlinesFunctions);
        values = new LocalBuilder?[nodes.Length];
        masks = new LaneMasks(il, nodes, types, Push);
    }

    /// <summary>Whether a node has vector code: whole numbers are divided and raised one by one, with checks.</summary>
    public static bool Supports(Node[] nodes, Node node) =>
        !node.IsComputed
        || nodes[node.A].DType != DType.Int64
        || node.Kind != NodeKind.Binary
        || (BinaryIntrinsic)node.Code is not (BinaryIntrinsic.Divide or BinaryIntrinsic.Power);

    /// <summary>Takes the value of a node that the caller has put on the stack.</summary>
    public void Keep(int node) => il.Emit(OpCodes.Stloc, values[node] ??= il.DeclareLocal(types.Of(nodes[node].DType)));

    /// <summary>Puts a number on the stack, the same for all points.</summary>
    public void Constant(DType dtype, double number)
    {
        if (dtype == DType.Bool)
        {
            il.Emit(OpCodes.Ldc_I8, number != 0 ? AllBits : 0);
            return;
        }
        Number(dtype, number);
        Call(dtype, nameof(Lanes512<>.Broadcast));
    }

    /// <summary>Puts a node's value on the stack.</summary>
    public void Push(int node)
    {
        if (values[node] is null)
        {
            masks.PushBits(node);
            Keep(node);
        }
        il.Emit(OpCodes.Ldloc, values[node]!);
    }

    /// <summary>Computes a node, which is no input or index, from its operands.</summary>
    public void Compute(int node)
    {
        Node n = nodes[node];
        if (masks.Compute(node))
        {
            // Whoever stores the result does so in more than one place: its bits are made before.
            if (node == nodes.Length - 1)
            {
                masks.PushBits(node);
                Keep(node);
            }
            return;
        }
        switch (n.Kind)
        {
            case NodeKind.Constant:
                Constant(n.DType, n.Number);
                break;
            case NodeKind.Unary:
                Unary(n, (UnaryIntrinsic)n.Code);
                break;
            case NodeKind.Binary:
                Binary(n, (BinaryIntrinsic)n.Code);
                break;
            case NodeKind.MultiplyAdd:
                Push(n.A);
                Push(n.B);
                Push(n.C);
                Call(n.DType, nameof(Lanes512<>.MultiplyAdd));
                break;
            case NodeKind.Select:
                Select(n);
                break;
            default:
                Cast(n.A, n.DType);
                break;
        }
        Keep(node);
    }

    private void Number(DType dtype, double number)
    {
        if (dtype == DType.Float64)
            il.Emit(OpCodes.Ldc_R8, number);
        else if (dtype == DType.Float32)
            il.Emit(OpCodes.Ldc_R4, (float)number);
        else
            il.Emit(OpCodes.Ldc_I8, (long)number);
    }

    private void Unary(Node n, UnaryIntrinsic intrinsic)
    {
        DType operand = nodes[n.A].DType;
        Push(n.A);
        if (intrinsic == UnaryIntrinsic.Not)
            Invert();
        else if (
            operand != DType.Int64
            || intrinsic is UnaryIntrinsic.Negate or UnaryIntrinsic.Abs or UnaryIntrinsic.Sign
        )
            il.Emit(OpCodes.Call, LaneMethods.Of(intrinsic, types.Of(operand), inlinesFunctions));
        // What is left rounds to whole numbers.
    }

    private void Binary(Node n, BinaryIntrinsic intrinsic)
    {
        DType operand = nodes[n.A].DType;
        bool isExchanged = intrinsic is BinaryIntrinsic.Greater or BinaryIntrinsic.GreaterOrEqual;
        Push(isExchanged ? n.B : n.A);
        Push(isExchanged ? n.A : n.B);
        if (intrinsic.IsComparison)
            CompareBits(intrinsic);
        else if (operand == DType.Bool)
            il.Emit(intrinsic is BinaryIntrinsic.Or or BinaryIntrinsic.Maximum ? OpCodes.Or : OpCodes.And);
        else
            il.Emit(OpCodes.Call, LaneMethods.Of(intrinsic, types.Of(operand), inlinesFunctions));
    }

    /// <summary>a = b is ¬(a ⊕ b); a ≤ b is ¬(a ∧ ¬b); a &lt; b is ¬a ∧ b.</summary>
    private void CompareBits(BinaryIntrinsic intrinsic)
    {
        switch (intrinsic)
        {
            case BinaryIntrinsic.Equal:
                il.Emit(OpCodes.Xor);
                Invert();
                break;
            case BinaryIntrinsic.NotEqual:
                il.Emit(OpCodes.Xor);
                break;
            case BinaryIntrinsic.LessOrEqual or BinaryIntrinsic.GreaterOrEqual:
                Invert();
                il.Emit(OpCodes.And);
                Invert();
                break;
            default:
                LocalBuilder b = il.DeclareLocal(typeof(ulong));
                il.Emit(OpCodes.Stloc, b);
                Invert();
                il.Emit(OpCodes.Ldloc, b);
                il.Emit(OpCodes.And);
                break;
        }
    }

    private void Select(Node n)
    {
        if (n.DType == DType.Bool)
        {
            // otherwise ⊕ (condition ∧ (then ⊕ otherwise)).
            Push(n.B);
            Push(n.C);
            il.Emit(OpCodes.Xor);
            Push(n.A);
            il.Emit(OpCodes.And);
            Push(n.C);
            il.Emit(OpCodes.Xor);
            return;
        }
        masks.Push(n.A, n.DType);
        Push(n.B);
        Push(n.C);
        Call(n.DType, nameof(Lanes512<>.Select));
    }

    private void Cast(int node, DType to)
    {
        DType from = nodes[node].DType;
        if (from == DType.Bool && to != from)
        {
            masks.Push(node, to);
            Constant(to, 1);
            Constant(to, 0);
            Call(to, nameof(Lanes512<>.Select));
            return;
        }
        Push(node);
        if (from == to)
            return;
        if (to == DType.Bool)
        {
            Constant(from, 0);
            masks.Compare(BinaryIntrinsic.NotEqual, from);
            Call(from, nameof(Lanes512<>.ToBits));
        }
        else
            il.Emit(OpCodes.Call, LaneMethods.Conversion(types.Of(from), types.Of(to)));
    }

    private void Invert()
    {
        il.Emit(OpCodes.Ldc_I8, AllBits);
        il.Emit(OpCodes.Xor);
    }

    private void Call(DType dtype, string member) => il.Emit(OpCodes.Call, LaneMethods.Member(types.Of(dtype), member));

    private long AllBits => (1L << types.Points) - 1;
}

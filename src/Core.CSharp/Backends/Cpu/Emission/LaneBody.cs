using System.Reflection.Emit;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Writes the code that computes the nodes of a body for several points at once. A node's value is in a local variable: a vector, or the
/// bits of an integer if it is a truth value.
/// </summary>
internal sealed class LaneBody(ILGenerator il, Node[] nodes, LaneTypes types, bool inlinesFunctions)
{
    private readonly LocalBuilder?[] values = new LocalBuilder?[nodes.Length];

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
    public void Push(int node) => il.Emit(OpCodes.Ldloc, values[node]!);

    /// <summary>Computes a node, which is no input or index, from its operands.</summary>
    public void Compute(int node)
    {
        Node n = nodes[node];
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
                Push(n.A);
                Cast(nodes[n.A].DType, n.DType);
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
        else if (intrinsic == UnaryIntrinsic.IsNaN)
        {
            Push(n.A);
            Compare(BinaryIntrinsic.NotEqual, operand);
        }
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
            Compare(intrinsic, operand);
        else if (operand == DType.Bool)
            il.Emit(intrinsic is BinaryIntrinsic.Or or BinaryIntrinsic.Maximum ? OpCodes.Or : OpCodes.And);
        else
            il.Emit(OpCodes.Call, LaneMethods.Of(intrinsic, types.Of(operand), inlinesFunctions));
    }

    /// <summary>From two values on the stack, those of Greater exchanged, the truth values.</summary>
    private void Compare(BinaryIntrinsic intrinsic, DType operand)
    {
        if (operand == DType.Bool)
        {
            CompareBits(intrinsic);
            return;
        }
        Type vector = types.Of(operand);
        il.Emit(OpCodes.Call, LaneMethods.Comparison(intrinsic, vector));
        il.Emit(OpCodes.Call, LaneMethods.Member(vector, nameof(Lanes512<>.ToBits)));
        if (intrinsic == BinaryIntrinsic.NotEqual)
            Invert();
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
        Push(n.A);
        Call(n.DType, nameof(Lanes512<>.FromBits));
        Push(n.B);
        Push(n.C);
        Call(n.DType, nameof(Lanes512<>.Select));
    }

    private void Cast(DType from, DType to)
    {
        if (from == to)
            return;
        if (to == DType.Bool)
        {
            Constant(from, 0);
            Compare(BinaryIntrinsic.NotEqual, from);
        }
        else if (from == DType.Bool)
        {
            Call(to, nameof(Lanes512<>.FromBits));
            Constant(to, 1);
            Constant(to, 0);
            Call(to, nameof(Lanes512<>.Select));
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

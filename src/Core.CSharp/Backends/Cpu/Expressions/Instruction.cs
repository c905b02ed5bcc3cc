using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>How an instruction's loop is called.</summary>
internal enum CallShape : byte
{
    /// <summary>Loop(x, y, n).</summary>
    Unary,

    /// <summary>Loop(a, step, b, step, y, n).</summary>
    Binary,

    /// <summary>Loop(a, step, b, step, inverted, y, n).</summary>
    Compare,

    /// <summary>Loop(a, step, b, step, c, step, y, n).</summary>
    Ternary,

    /// <summary>Loop(condition, a, step, b, step, y, n); one condition for all copies the value chosen.</summary>
    Select,
}

/// <summary>A loop over elements, by its address, and how it is called.</summary>
internal readonly record struct Loop(CallShape Shape, nint Address, bool Inverted = false);

/// <summary>
/// One step of a block program: a loop, from which values to which. A single instruction computes one element, as all it
/// reads have step 0.
/// </summary>
internal readonly record struct Instruction(Loop Loop, int A, int B, int C, int Target, int ElementSize, bool IsSingle)
{
    /// <summary>What computes a node.</summary>
    public static Instruction Of(Node[] nodes, int target, bool isSingle)
    {
        Node node = nodes[target];
        (int a, int b) = (node.A, node.B);
        if (node is { Kind: NodeKind.Unary, Code: (int)UnaryIntrinsic.IsNaN })
            b = a;
        if (
            node is { Kind: NodeKind.Binary, Code: (int)BinaryIntrinsic.Greater or (int)BinaryIntrinsic.GreaterOrEqual }
        )
            (a, b) = (b, a);
        Loop loop = LoopTable.Widest.Of(node, nodes[node.A].DType);
        return new Instruction(loop, a, b, node.C, target, node.DType.Size, isSingle);
    }

    /// <summary>Runs the loop over n elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Run(Value* table, int n)
    {
        Value a = table[A];
        byte* y = table[Target].Pointer;
        if (IsSingle)
            n = 1;
        void* loop = (void*)Loop.Address;
        switch (Loop.Shape)
        {
            case CallShape.Unary:
                ((delegate* <byte*, byte*, nint, void>)loop)(a.Pointer, y, n);
                break;
            case CallShape.Binary:
                ((delegate* <byte*, nint, byte*, nint, byte*, nint, void>)loop)(
                    a.Pointer,
                    a.Step,
                    table[B].Pointer,
                    table[B].Step,
                    y,
                    n
                );
                break;
            default:
                RunOther(table, a, y, n);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void RunOther(Value* table, Value a, byte* y, int n)
    {
        void* loop = (void*)Loop.Address;
        Value b = table[B];
        if (Loop.Shape == CallShape.Compare)
        {
            byte inverted = Loop.Inverted ? (byte)1 : (byte)0;
            ((delegate* <byte*, nint, byte*, nint, byte, byte*, nint, void>)loop)(
                a.Pointer,
                a.Step,
                b.Pointer,
                b.Step,
                inverted,
                y,
                n
            );
            return;
        }
        Value c = table[C];
        if (Loop.Shape == CallShape.Ternary)
            ((delegate* <byte*, nint, byte*, nint, byte*, nint, byte*, nint, void>)loop)(
                a.Pointer,
                a.Step,
                b.Pointer,
                b.Step,
                c.Pointer,
                c.Step,
                y,
                n
            );
        else if (a.Step == 0)
            Elements.Copy(ElementSize, *a.Pointer != 0 ? b : c, y, n);
        else
            ((delegate* <byte*, byte*, nint, byte*, nint, byte*, nint, void>)loop)(
                a.Pointer,
                b.Pointer,
                b.Step,
                c.Pointer,
                c.Step,
                y,
                n
            );
    }
}

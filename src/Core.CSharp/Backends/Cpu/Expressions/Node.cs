namespace Implicit.Backends.Cpu;

internal enum NodeKind
{
    Input,
    Constant,
    Index,
    Unary,
    Binary,
    Select,
    Cast,

    /// <summary>A·B + C, rounded once.</summary>
    MultiplyAdd,
}

/// <summary>One value of a body: what computes it, from which earlier nodes. Code is the intrinsic, operand or axis.</summary>
internal readonly record struct Node(NodeKind Kind, int Code, DType DType, int A, int B, int C, double Number)
{
    /// <summary>Whether an instruction computes it.</summary>
    public bool IsComputed => Kind > NodeKind.Index;

    /// <summary>The nodes it is computed from; −1 where there are fewer than three.</summary>
    public ReadOnlySpan<int> Operands => new[] { A, B, C };
}

using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// How much may be inlined into one method. Beyond some size the JIT inlines nothing any more, not even an addition: eight tanh in one loop were
/// six times slower than their sum, while calling all eight costs a tenth. So either all functions of a body are inlined, or all are called.
/// </summary>
internal static class InliningBudget
{
    /// <summary>What the nodes of one method may take together; sizes are local variables, roughly.</summary>
    public const int Most = 480;

    private const int OfArithmetic = 3;
    private const int OfFunction = 140;
    private const int OfLongFunction = 300;

    /// <summary>Whether the functions of a body that is written so many times are inlined.</summary>
    public static bool Inlines(Node[] nodes, int times) => SizeOf(nodes, times, inlinesFunctions: true) <= Most;

    /// <summary>What a body that is written so many times takes.</summary>
    public static int SizeOf(Node[] nodes, int times, bool inlinesFunctions)
    {
        int size = nodes.Length * OfArithmetic;
        if (inlinesFunctions)
            foreach (Node node in nodes)
                size += SizeOfFunction(node);
        return times * size;
    }

    /// <summary>What a node takes beyond arithmetic. The power is better called even where it is alone.</summary>
    private static int SizeOfFunction(Node node) =>
        node switch
        {
            { Kind: NodeKind.Binary, Code: (int)BinaryIntrinsic.Power } => Most,
            { Kind: NodeKind.Binary, Code: (int)BinaryIntrinsic.Atan2 } => OfLongFunction,
            { Kind: NodeKind.Unary, Code: >= (int)UnaryIntrinsic.Erf and <= (int)UnaryIntrinsic.Gelu } =>
                OfLongFunction,
            { Kind: NodeKind.Unary, Code: >= (int)UnaryIntrinsic.Exp and < (int)UnaryIntrinsic.Erf } => OfFunction,
            _ => 0,
        };
}

using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>
/// What an evaluation writes on its way to a plan: the order of its nodes, their structure, what is bound to the leaves. Kept by the thread for
/// the next evaluation, so that computing a small graph again allocates nothing but its results.
/// </summary>
internal sealed class EvaluationMemory
{
    [ThreadStatic]
    private static EvaluationMemory? idle;

    private readonly Structure structure = new();
    private EvaluationMemory? next;
    private Buffer?[] inputs = new Buffer?[16];
    private Buffer?[] outputs = new Buffer?[4];
    private double[] literals = new double[16];
    private bool[] passed = new bool[64];
    private int inputCount;
    private int outputCount;
    private int literalCount;
    private int passedCount;

    /// <summary>The graphs that were computed lately.</summary>
    public KnownGraphs Known { get; } = new();

    public NodeOrder Order { get; } = new();

    public NodeOrder Kept { get; } = new();

    /// <summary>What is bound to the inputs of the structure that was read last.</summary>
    public ReadOnlySpan<Buffer> Inputs => inputs.AsSpan(0, inputCount)!;

    /// <summary>The numbers of the literals of the structure that was read last.</summary>
    public ReadOnlySpan<double> Literals => literals.AsSpan(0, literalCount);

    /// <summary>For each node of the graph that was read last whether it had been computed on the way before.</summary>
    public ReadOnlySpan<bool> Passed => passed.AsSpan(0, passedCount);

    /// <summary>The thread's memory, or another while that is in use: a solver may evaluate within an evaluation.</summary>
    public static EvaluationMemory Rent()
    {
        EvaluationMemory memory = idle ?? new EvaluationMemory();
        idle = memory.next;
        return memory;
    }

    /// <summary>Lets go of all nodes and values. Memory that an error left behind is not returned.</summary>
    public void Return()
    {
        Order.Clear();
        Kept.Clear();
        Known.Forget();
        Forget();
        next = idle;
        idle = this;
    }

    /// <summary>Places for the results of a run.</summary>
    public Span<Buffer?> Outputs(int count)
    {
        if (outputs.Length < count)
            outputs = new Buffer?[count];
        outputCount = count;
        return outputs.AsSpan(0, count);
    }

    /// <summary>
    /// Reads a graph that is about to be computed: numbers the leaves as the walk meets them and collects what is bound to them. The structure is
    /// only lent.
    /// </summary>
    public Structure Read(NodeOrder order, ReadOnlySpan<Tensor> results)
    {
        Forget();
        if (passed.Length < order.Count)
            passed = new bool[2 * order.Count];
        foreach (Tensor node in order)
        {
            // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
            InputList nodeInputs = node.Inputs;
            passed[passedCount++] = node.WasPassed;
            node.WasPassed = true;
            if (node.Value is { } elements)
                structure.Add(PlaceholderOp.Input(Bind(elements)), node.Type);
            else if (node.Op is LiteralOp literal)
                structure.Add(PlaceholderOp.Literal(Bind(literal.Number)), node.Type);
            else if (node.Op is ParameterOp)
                throw Reading.WhileTracing(node);
            else
                structure.Add(node.Op, node.Type, nodeInputs, order);
        }
        structure.Close(results, order);
        return structure;
    }

    private void Forget()
    {
        structure.Begin();
        Array.Clear(inputs, 0, inputCount);
        Array.Clear(outputs, 0, outputCount);
        (inputCount, outputCount, literalCount, passedCount) = (0, 0, 0, 0);
    }

    private int Bind(Buffer elements)
    {
        if (inputCount == inputs.Length)
            Array.Resize(ref inputs, 2 * inputCount);
        inputs[inputCount] = elements;
        return inputCount++;
    }

    private int Bind(double number)
    {
        if (literalCount == literals.Length)
            Array.Resize(ref literals, 2 * literalCount);
        literals[literalCount] = number;
        return literalCount++;
    }
}

namespace Implicit.Graph;

/// <summary>A node that every walk treats by what it is: it has no rules of its own.</summary>
internal abstract record StructuralOp : Op
{
    public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => throw NoRule();

    public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => throw NoRule();

    public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) => throw NoRule();

    public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) => throw NoRule();

    private InvalidOperationException NoRule() => new($"A {Name} node has no rules.");
}

/// <summary>Elements given by the user, or computed before.</summary>
internal sealed record DataOp : StructuralOp
{
    public static readonly DataOp Instance = new();

    public override string Name => "data";
}

/// <summary>A plain number.</summary>
internal sealed record LiteralOp(double Number) : StructuralOp
{
    private static readonly LiteralOp?[] Recent = new LiteralOp?[64];

    public override string Name => "literal";

    public ulong Bits => BitConverter.DoubleToUInt64Bits(Number);

    /// <summary>The operation of a number, the one made before if it was asked for lately.</summary>
    public static LiteralOp Of(double number)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(number);
        ref LiteralOp? recent = ref Recent[(bits * 0x9E3779B97F4A7C15) >> 58];
        LiteralOp? known = recent;
        return known is not null && BitConverter.DoubleToUInt64Bits(known.Number) == bits
            ? known
            : recent = new LiteralOp(number);
    }

    /// <summary>Bit by bit: 0 and −0 are different numbers, NaN is one.</summary>
    public bool Equals(LiteralOp? other) =>
        other is not null && BitConverter.DoubleToInt64Bits(Number) == BitConverter.DoubleToInt64Bits(other.Number);

    public override int GetHashCode() => BitConverter.DoubleToInt64Bits(Number).GetHashCode();
}

/// <summary>A stand-in for an argument that has no value.</summary>
internal sealed record ParameterOp : StructuralOp
{
    public static readonly ParameterOp Instance = new();

    public override string Name => "parameter";
}

/// <summary>A stand-in that aliases a value. To every transform but the one that made it, it is the identity.</summary>
internal sealed record VariableOp : Op
{
    public static readonly VariableOp Instance = new();

    public override string Name => "variable";

    public override bool IsView => true;

    public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];

    public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

    public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [cotangent];

    public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => tangents[0];

    public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) => inputs[0];

    public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) => inputs[0];
}

/// <summary>Result number <paramref name="Position"/> of an operation with several.</summary>
internal sealed record ProjectOp(int Position) : StructuralOp
{
    public override string Name => "result";

    public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];
}

/// <summary>The leaf numbered <paramref name="Number"/> of a <see cref="Structure"/>.</summary>
internal sealed record PlaceholderOp(int Number, bool IsLiteral) : StructuralOp
{
    private static readonly PlaceholderOp[] Inputs = First(isLiteral: false);
    private static readonly PlaceholderOp[] Literals = First(isLiteral: true);

    public static PlaceholderOp Input(int number) =>
        number < Inputs.Length ? Inputs[number] : new PlaceholderOp(number, IsLiteral: false);

    public static PlaceholderOp Literal(int number) =>
        number < Literals.Length ? Literals[number] : new PlaceholderOp(number, IsLiteral: true);

    public override string Name => "placeholder";

    private static PlaceholderOp[] First(bool isLiteral)
    {
        var first = new PlaceholderOp[64];
        for (int number = 0; number < first.Length; number++)
            first[number] = new PlaceholderOp(number, isLiteral);
        return first;
    }
}

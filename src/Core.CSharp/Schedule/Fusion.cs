using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Rewrites the body of one kernel so that it computes what it read from producers (see <see cref="Fuse"/>).</summary>
internal sealed class Fusion
{
    /// <summary>Larger bodies stop paying: their values no longer stay in the nearest cache.</summary>
    private const int LargestBody = 96;

    private const int MostOperands = 32;

    /// <summary>What is computed anew by each reader: 1 − y² has five parts.</summary>
    private const int LargestRepeated = 6;

    private readonly Shape domain;
    private readonly ValueArray<Operand> given;
    private readonly Dictionary<int, Producer> producers;
    private readonly Fuse.Read read;
    private readonly List<Operand> operands = [];
    private readonly Scalar?[] replacements;
    private int size;

    public Fusion(Shape domain, ValueArray<Operand> given, Dictionary<int, Producer> producers, Fuse.Read read)
    {
        this.domain = domain;
        this.given = given;
        this.producers = producers;
        this.read = read;
        replacements = new Scalar?[given.Count];
    }

    /// <summary>What the rewritten body reads.</summary>
    public ValueArray<Operand> Operands => [.. operands];

    /// <summary>The body over <see cref="Operands"/>.</summary>
    public Scalar Rewrite(Scalar body)
    {
        size = ScalarBody.Size(body);
        return ScalarBody.Replace(body, input => replacements[input.Position] ??= Replacement(input));
    }

    private Scalar Replacement(Scalar.Input input)
    {
        Operand operand = given[input.Position];
        if (
            producers.TryGetValue(operand.Slot, out Producer? producer)
            && Composed(producer, operand.Map) is { } composed
        )
            if (
                operands.Count + composed.Length + given.Count <= MostOperands
                && IsWorthwhile(producer, operand.Slot, composed)
            )
            {
                size += producer.Size;
                return Body(producer.Map, composed);
            }
        return Read(operand, input.DType);
    }

    /// <summary>A producer's body over what this kernel reads: itself where it is the first, as in a chain, whose links are then not copied each time.</summary>
    private Scalar Body(Map producer, Operand[] composed)
    {
        if (operands.Count > 0 || !producer.Inputs.Span.SequenceEqual(composed))
            return ScalarBody.Replace(producer.Body, read => Read(composed[read.Position], read.DType));
        operands.AddRange(composed);
        return producer.Body;
    }

    private Scalar.Input Read(Operand operand, DType dtype)
    {
        int position = operands.IndexOf(operand);
        if (position < 0)
        {
            position = operands.Count;
            operands.Add(operand);
        }
        return new Scalar.Input(position, dtype);
    }

    /// <summary>
    /// Whether the producer's work is not repeated: this kernel alone reads it, at most once a point; or it is one number, a copy, or as little as
    /// that, which cost nothing here.
    /// </summary>
    private bool IsWorthwhile(Producer producer, int slot, Operand[] composed)
    {
        if (size + producer.Size > LargestBody)
            return false;
        bool isUniform = composed.All(operand => operand.Map.IsUniform(domain));
        bool isNoWider = domain.Length <= producer.Map.Domain.Length;
        return producer.Map.Body is Scalar.Input or Scalar.Constant
            || (isUniform && !producer.IsDear)
            || (read.Kernels[slot] == 1 && (isNoWider || isUniform))
            || (read.Others[slot] == 0 && isNoWider && IsLittle(producer));
    }

    /// <summary>
    /// Whether a producer does a few cheap operations on one value that lies in order: whoever reads it may as well read that, and nobody has to write
    /// and read the result.
    /// </summary>
    private static bool IsLittle(Producer producer)
    {
        if (producer.Size > LargestRepeated || producer.IsDear)
            return false;
        Shape points = producer.Map.Domain;
        Operand[] varying = [.. producer.Map.Inputs.Where(input => !input.Map.IsUniform(points))];
        return varying.Length == 1 && (varying[0].Map with { Offset = 0 }).IsContiguous(points);
    }

    /// <summary>The producer's operands over this kernel's domain, or null if its points are not reached by strides.</summary>
    private Operand[]? Composed(Producer producer, IndexMap outer)
    {
        if (producer.UsesIndex)
            return null;
        Map map = producer.Map;
        var composed = new Operand[map.Inputs.Count];
        for (int i = 0; i < composed.Length; i++)
            if (IndexMap.Compose(map.Inputs[i].Map, map.Domain, outer, domain) is { } through)
                composed[i] = map.Inputs[i] with { Map = through };
            else
                return null;
        return composed;
    }
}

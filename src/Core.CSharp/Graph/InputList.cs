using System.Runtime.CompilerServices;

namespace Implicit.Graph;

/// <summary>What a node is applied to. Nearly every operation has one or two inputs, which need no array.</summary>
internal struct InputList
{
    /// <summary>Null if there are no inputs, or if they were let go.</summary>
    private Tensor? first;

    /// <summary>The second of two inputs, or the array of all where they are more: each place is eight bytes in every node.</summary>
    private object? rest;

    public InputList(Tensor first, Tensor? second = null)
    {
        this.first = first;
        rest = second;
    }

    /// <param name="inputs">Any number of tensors. The array must not change from now on.</param>
    public InputList(Tensor[] inputs)
    {
        first = inputs.Length > 0 ? inputs[0] : null;
        rest =
            inputs.Length > 2 ? inputs
            : inputs.Length > 1 ? inputs[1]
            : null;
    }

    /// <summary>Those of some nodes that are at the given places.</summary>
    public static InputList At(ReadOnlySpan<int> places, Tensor[] nodes)
    {
        if (places.Length == 1)
            return new InputList(nodes[places[0]]);
        if (places.Length == 2)
            return new InputList(nodes[places[0]], nodes[places[1]]);
        var all = new Tensor[places.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = nodes[places[i]];
        return new InputList(all);
    }

    /// <summary>The first of the inputs.</summary>
    public readonly Tensor? First => first;

    /// <summary>The second of two inputs.</summary>
    public readonly Tensor? Second => rest as Tensor;

    /// <summary>All inputs, where they are more than two.</summary>
    public readonly Tensor[]? All => rest as Tensor[];

    public readonly bool IsEmpty => first is null;

    public readonly int Length =>
        rest is Tensor ? 2
        : All is { } all ? all.Length
        : first is not null ? 1
        : 0;

    /// <summary>The inputs' types.</summary>
    public readonly TensorType[] Types => Tensor.Types(ToArray());

    public readonly Tensor this[int i] =>
        i == 0 && first is not null ? first
        : i == 1 && rest is Tensor second ? second
        : All is { } all ? all[i]
        : throw new ArgumentOutOfRangeException(nameof(i));

    /// <summary>The inputs in an array, which must not be changed.</summary>
    public readonly Tensor[] ToArray() =>
        All is { } all ? all
        : rest is Tensor second ? [first!, second]
        : first is not null ? [first]
        : [];

    /// <summary>The first of the inputs, and the second of two or the array of all.</summary>
    public readonly void Deconstruct(out Tensor? first, out object? rest) => (first, rest) = (this.first, this.rest);

    public readonly Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// Reads a node's inputs, which another thread that computes the node may be letting go: all of them, or none.
    /// </summary>
    public static InputList Read(ref InputList shared)
    {
        while (true)
        {
            Tensor? first = Volatile.Read(ref shared.first);
            object? rest = Volatile.Read(ref shared.rest);
            if (ReferenceEquals(first, Volatile.Read(ref shared.first)))
                return first is null ? default : new InputList { first = first, rest = rest };
        }
    }

    /// <summary>Lets go of a node's inputs: the first of them first, on which <see cref="Read"/> relies.</summary>
    public static void Drop(ref InputList shared)
    {
        Volatile.Write(ref shared.first, null);
        Volatile.Write(ref shared.rest, null);
    }

    /// <summary>
    /// Reads a node's inputs for others than the node itself: in place of a number that many nodes were written with each has a tensor of its own,
    /// which is made when it is asked for.
    /// </summary>
    public static InputList Own(ref InputList shared)
    {
        InputList inputs = Read(ref shared);
        if (inputs.first is { IsShared: true } first)
            inputs.first = Owned(first, ref Unsafe.As<Tensor?, object?>(ref shared.first));
        if (inputs.rest is Tensor { IsShared: true } second)
            inputs.rest = Owned(second, ref shared.rest);
        return inputs;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Owned(Tensor number, ref object? place)
    {
        Tensor own = Tensor.Literal(number);
        object? there = Interlocked.CompareExchange(ref place, own, number);
        return there is null || ReferenceEquals(there, number) ? own : (Tensor)there;
    }

    internal struct Enumerator(InputList inputs)
    {
        private readonly InputList inputs = inputs;
        private int next;

        public readonly Tensor Current => inputs[next - 1];

        public bool MoveNext() => ++next <= inputs.Length;
    }
}

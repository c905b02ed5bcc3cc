using System.Runtime.CompilerServices;

namespace Implicit.Graph;

/// <summary>What a node is applied to. Nearly every operation has one or two inputs, which need no array.</summary>
internal struct InputList
{
    /// <summary>Null if there are no inputs, or if they were let go.</summary>
    private Tensor? first;
    private Tensor? second;

    /// <summary>All inputs, where they are more than two.</summary>
    private Tensor[]? all;

    public InputList(Tensor first, Tensor? second = null)
    {
        this.first = first;
        this.second = second;
    }

    /// <param name="inputs">Any number of tensors. The array must not change from now on.</param>
    public InputList(Tensor[] inputs)
    {
        first = inputs.Length > 0 ? inputs[0] : null;
        second = inputs.Length > 1 ? inputs[1] : null;
        all = inputs.Length > 2 ? inputs : null;
    }

    /// <summary>The first of one or two inputs.</summary>
    public readonly Tensor? First => first;

    /// <summary>The second of two inputs.</summary>
    public readonly Tensor? Second => second;

    /// <summary>All inputs, where they are more than two.</summary>
    public readonly Tensor[]? All => all;

    public readonly bool IsEmpty => first is null;

    public readonly int Length =>
        all is not null ? all.Length
        : second is not null ? 2
        : first is not null ? 1
        : 0;

    /// <summary>The inputs' types.</summary>
    public readonly TensorType[] Types => Tensor.Types(ToArray());

    public readonly Tensor this[int i] =>
        all is not null ? all[i]
        : i == 0 && first is not null ? first
        : i == 1 && second is not null ? second
        : throw new ArgumentOutOfRangeException(nameof(i));

    /// <summary>The inputs in an array, which must not be changed.</summary>
    public readonly Tensor[] ToArray() =>
        all is not null ? all
        : second is not null ? [first!, second]
        : first is not null ? [first]
        : [];

    public readonly Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// Reads a node's inputs, which another thread that computes the node may be letting go: all of them, or none.
    /// </summary>
    public static InputList Read(ref InputList shared)
    {
        while (true)
        {
            Tensor? first = Volatile.Read(ref shared.first);
            Tensor? second = Volatile.Read(ref shared.second);
            Tensor[]? all = Volatile.Read(ref shared.all);
            if (ReferenceEquals(first, Volatile.Read(ref shared.first)))
                return first is null ? default : new InputList(first, second) { all = all };
        }
    }

    /// <summary>Lets go of a node's inputs: the first of them first, on which <see cref="Read"/> relies.</summary>
    public static void Drop(ref InputList shared)
    {
        Volatile.Write(ref shared.first, null);
        Volatile.Write(ref shared.second, null);
        Volatile.Write(ref shared.all, null);
    }

    /// <summary>
    /// Reads a node's inputs for others than the node itself: in place of a number that many nodes were written with each has a tensor of its own,
    /// which is made when it is asked for.
    /// </summary>
    public static InputList Own(ref InputList shared)
    {
        InputList inputs = Read(ref shared);
        if (inputs.first is { IsShared: true })
            inputs.first = Owned(inputs.first, ref shared.first);
        if (inputs.second is { IsShared: true })
            inputs.second = Owned(inputs.second, ref shared.second);
        return inputs;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Owned(Tensor number, ref Tensor? place)
    {
        Tensor own = Tensor.Literal(number);
        Tensor? there = Interlocked.CompareExchange(ref place, own, number);
        return there is null || ReferenceEquals(there, number) ? own : there;
    }

    internal struct Enumerator(InputList inputs)
    {
        private readonly InputList inputs = inputs;
        private int next;

        public readonly Tensor Current => inputs[next - 1];

        public bool MoveNext() => ++next <= inputs.Length;
    }
}

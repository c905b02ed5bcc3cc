using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// The memory in which a step function runs again and again: its arguments, and its results, of which the first ones become the
/// first arguments of the next step by exchanging the two.
/// </summary>
internal sealed class LoopBuffers
{
    private readonly CompiledFunction step;
    private readonly Buffer[] arguments;
    private readonly Buffer?[] results;
    private readonly (int Argument, int Result)[] fed;

    /// <param name="step">The step function.</param>
    /// <param name="types">The types of its arguments.</param>
    /// <param name="given">Arguments that never change, by position; the others get memory of their own.</param>
    /// <param name="fed">Which results become which arguments.</param>
    public LoopBuffers(
        CompiledFunction step,
        ReadOnlySpan<TensorType> types,
        Func<int, Buffer?> given,
        (int Argument, int Result)[] fed
    )
    {
        this.step = step;
        this.fed = fed;
        arguments = new Buffer[types.Length];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = given(i) ?? Hosting.Allocate(types[i])!;
        results = Hosting.Allocate(step.ResultTypes);
    }

    /// <summary>An argument of the next step.</summary>
    public Buffer Argument(int position) => arguments[position];

    /// <summary>A result of the last step that is not fed back.</summary>
    public Buffer Result(int position) => results[position]!;

    /// <summary>Runs one step and makes its results the arguments of the next.</summary>
    public void Run()
    {
        step.Run(arguments, results!);
        foreach ((int argument, int result) in fed)
            (arguments[argument], results[result]) = (results[result]!, arguments[argument]);
    }

    /// <summary>Replaces an argument by one element of a sequence.</summary>
    public void Take(int argument, Buffer sequence, int element)
    {
        Buffer target = arguments[argument];
        target.CopyFrom(sequence, element * target.Length, 0, target.Length);
    }

    /// <summary>Replaces an argument.</summary>
    public void Set(int argument, Buffer value) => arguments[argument].CopyFrom(value, 0, 0, value.Length);
}

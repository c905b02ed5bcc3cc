using Implicit.Control;
using Implicit.Graph;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// Where the tensors of a state come from in a step. One that the step hands on as it stands, such as a vector that is remembered, is not
/// computed: its buffer takes the new place.
/// </summary>
internal sealed class StateFlow
{
    /// <summary>For each state the argument that it is; −1 if it is computed.</summary>
    private readonly int[] source;

    /// <summary>For each computed state an argument of its type that no state takes over.</summary>
    private readonly int[] spare;

    public StateFlow(Function step, int states)
    {
        source = new int[states];
        TensorType[] types = step.ArgumentTypes;
        var left = Enumerable.Range(0, states).ToList();
        for (int i = 0; i < states; i++)
            source[i] = Take(argument => ReferenceEquals(step.Results[i], step.Arguments[argument]));
        IsComputed = [.. source.Select(argument => argument < 0), true];
        spare =
        [
            .. Enumerable
                .Range(0, states)
                .Where(i => source[i] < 0)
                .Select(i => Take(argument => types[argument] == types[i])),
        ];

        // The first argument left that suits; −1 if none does.
        int Take(Predicate<int> suits)
        {
            int place = left.FindIndex(suits);
            if (place < 0)
                return -1;
            int argument = left[place];
            left.RemoveAt(place);
            return argument;
        }
    }

    /// <summary>Which results of the step are computed, the measure among them.</summary>
    public bool[] IsComputed { get; }

    /// <summary>Makes the new states the arguments of the next step; what is free then takes the results of it.</summary>
    /// <param name="arguments">The states before, which become the new ones.</param>
    /// <param name="results">What was computed.</param>
    /// <param name="before">Room for the states.</param>
    public void Turn(ItemBuffers arguments, Buffer[] results, Buffer[] before)
    {
        arguments.All[..source.Length].CopyTo(before);
        int computed = 0;
        for (int i = 0; i < source.Length; i++)
            arguments.Exchange(i, source[i] >= 0 ? before[source[i]] : results[computed++]);
        for (int i = 0; i < spare.Length; i++)
            results[i] = before[spare[i]];
    }
}

using System.Runtime.InteropServices;

namespace Implicit.Graph;

/// <summary>
/// Closes what was traced over what it captured: numbers the arguments and reads the structure. Kept by the thread, with the functions that it closed
/// lately, so that one which is traced again in each call is recognised before anything is made of it.
/// </summary>
internal sealed class Closing
{
    private const int Places = 64;

    [ThreadStatic]
    private static Closing? idle;

    /// <summary>
    /// Held weakly: a function's operations hold objects, the user's among them, which go with all else that is kept of the function.
    /// </summary>
    private readonly WeakReference<Function>?[] known = new WeakReference<Function>?[Places];
    private readonly Structure structure = new();

    /// <summary>The nodes of the structure.</summary>
    private readonly NodeOrder order = new();

    /// <summary>The parameters, then the captures.</summary>
    private readonly NodeOrder arguments = new();

    /// <summary>The capture that stands for all equal plain numbers.</summary>
    private readonly Dictionary<(LiteralOp, DType), Tensor> numbers = [];
    private readonly List<int> places = [];

    /// <summary>Closes expressions over their parameters and what else they use.</summary>
    /// <param name="parameters">The stand-ins for the parameters.</param>
    /// <param name="inside">What belongs to the body, inputs first; the parameters may stand in front. It is returned.</param>
    /// <param name="results">Expressions of these.</param>
    /// <param name="trace">The one that the parameters belong to.</param>
    /// <param name="captures">What the other arguments stand for.</param>
    public static Function Close(
        ReadOnlySpan<Tensor> parameters,
        NodeOrder inside,
        ReadOnlySpan<Tensor> results,
        Trace trace,
        out Tensor[] captures
    )
    {
        Closing closing = idle ?? new Closing();
        idle = null;
        closing.Read(parameters, inside, results);
        captures = closing.arguments.Nodes[parameters.Length..].ToArray();
        Function function = closing.Recall(parameters, trace) ?? closing.Keep(parameters, captures, trace);
        inside.Return();
        closing.Forget();
        idle = closing;
        return function;
    }

    private void Read(ReadOnlySpan<Tensor> parameters, NodeOrder inside, ReadOnlySpan<Tensor> results)
    {
        foreach (Tensor parameter in parameters)
            arguments.Add(parameter);
        foreach (Tensor node in inside.Nodes[inside.GivenCount..])
        {
            structure.Add(node.Op, node.Type, PlacesOf(node.Inputs));
            order.Add(node);
        }
        places.Clear();
        foreach (Tensor result in results)
            places.Add(PlaceOf(result));
        structure.Close(CollectionsMarshal.AsSpan(places));
    }

    private ReadOnlySpan<int> PlacesOf(InputList inputs)
    {
        places.Clear();
        foreach (Tensor input in inputs)
            places.Add(PlaceOf(input));
        return CollectionsMarshal.AsSpan(places);
    }

    /// <summary>The node's place in the structure. What has none yet is a parameter or captured: it takes one where it is used first.</summary>
    private int PlaceOf(Tensor node)
    {
        if (order.PlaceOf(node) is >= 0 and int place)
            return place;
        if (node.Op is LiteralOp number && node.Value is null && !numbers.TryAdd((number, node.DType), node))
            return order.PlaceOf(numbers[(number, node.DType)]);
        arguments.Add(node);
        structure.Add(PlaceholderOp.Input(arguments.PlaceOf(node)), node.Type);
        order.Add(node);
        return order.Count - 1;
    }

    /// <summary>The function that was closed before, if it is the same in all that can be told of it.</summary>
    private Function? Recall(ReadOnlySpan<Tensor> parameters, Trace trace)
    {
        if (
            known[Place] is not { } place
            || !place.TryGetTarget(out Function? last)
            || last.Arguments.Length != arguments.Count
            || last.ParameterCount != parameters.Length
            || !last.BeginsWithTypesOf(parameters)
        )
            return null;
        return last.Tracer == trace.Name && last.Structure.Equals(structure) ? last : null;
    }

    private Function Keep(ReadOnlySpan<Tensor> parameters, Tensor[] captures, Trace trace)
    {
        var function = new Function(
            [.. parameters, .. captures.Select(capture => Tensor.Parameter(capture.Type, trace))],
            parameters.Length,
            structure.Copy(),
            trace.Name
        );
        if (known[Place] is { } place)
            place.SetTarget(function);
        else
            known[Place] = new WeakReference<Function>(function);
        return function;
    }

    private int Place => structure.GetHashCode() & (Places - 1);

    private void Forget()
    {
        structure.Begin();
        order.Clear();
        arguments.Clear();
        numbers.Clear();
    }
}

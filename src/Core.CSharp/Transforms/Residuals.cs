using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit.Transforms;

/// <summary>
/// The derivatives of a closed function where its results are at hand: they are arguments of the derivative, which thus
/// does not compute them again. An opaque result is passed as any other; it is a record of how the results were found, and has
/// no derivative of its own.
/// </summary>
internal static class Residuals
{
    extension(Function function)
    {
        /// <summary>
        /// (arguments, results, cotangents of the results that are <paramref name="present"/>) → cotangents of those arguments that
        /// are <paramref name="needed"/>.
        /// </summary>
        public Function Pullback(ReadOnlySpan<bool> needed, ReadOnlySpan<bool> present)
        {
            bool[] wanted = needed.ToArray();
            bool[] given = present.ToArray();
            return function.WithResults(
                Flags.Chosen<TensorType>(present, function.ResultTypes),
                (arguments, results, cotangents) =>
                {
                    Tensor[] sources = Flags.Chosen<Tensor>(wanted, arguments);
                    return Differentiation.Pull(sources, Flags.Chosen<Tensor>(given, results), cotangents);
                }
            );
        }

        /// <summary>
        /// (arguments, results, tangents of the arguments that are <paramref name="moving"/>) → tangents of the floating-point results.
        /// </summary>
        public Function Pushforward(ReadOnlySpan<bool> moving)
        {
            bool[] moved = moving.ToArray();
            return function.WithResults(
                Flags.Chosen<TensorType>(moving, function.ArgumentTypes),
                (arguments, results, tangents) =>
                {
                    Tensor[] targets = [.. function.MovableResults.Select(i => results[i])];
                    return Differentiation.Push(Flags.Chosen<Tensor>(moved, arguments), tangents, targets);
                }
            );
        }

        /// <summary>
        /// The function with more results behind its own: what the pullback reads of the way to them and is dear to compute again (products,
        /// reductions, functions such as tanh). The results of solves are not among them: their records have no size that is known.
        /// </summary>
        public Function KeepingResiduals(ReadOnlySpan<bool> needed, ReadOnlySpan<bool> present)
        {
            int[] wanted = Flags.Indices(needed);
            int[] given = Flags.Indices(present);
            return Function.TraceClosed(
                "residuals",
                function.ArgumentTypes,
                all =>
                {
                    Tensor[] results = function.Apply(all);
                    return [.. results, .. ReadByPullback([.. wanted.Select(i => all[i])], results, given)];
                }
            );
        }

        private Function WithResults(TensorType[] extra, Func<Tensor[], Tensor[], Tensor[], Tensor[]> rule)
        {
            int count = function.Arguments.Length;
            int end = count + function.Results.Length;
            return Function.TraceClosed(
                "derivative",
                [.. function.ArgumentTypes, .. function.ResultTypes, .. extra],
                all =>
                {
                    Tensor[] results = function.Apply(all.AsSpan(0, count));
                    return Replace(rule(all[..count], results, all[end..]), results, all[count..end]);
                }
            );
        }
    }

    private static IEnumerable<Tensor> ReadByPullback(Tensor[] sources, Tensor[] results, int[] given)
    {
        Tensor[] ends = [.. given.Select(i => results[i])];
        Tensor?[] pulled = Reverse.Pull(sources, ends, Array.ConvertAll(ends, Tensor.OnesLike));
        NodeOrder way = Walk.Between(sources, results);
        var known = new NodeOrder(results);
        return Walk.Postorder([.. pulled.OfType<Tensor>()], node => !IsKept(node)).Where(IsNew).OrderBy(way.PlaceOf);

        bool IsKept(Tensor node) => known.Contains(node) || IsNew(node);

        bool IsNew(Tensor node) => !known.Contains(node) && way.PlaceOf(node) >= way.GivenCount && IsDear(node);
    }

    private static bool IsDear(Tensor node) =>
        node.Op switch
        {
            MultiOp or ProjectOp or { IsCostly: true } or { IsView: true } => false,
            ElementwiseOp op => ScalarBody.IsDear(
                op.Body([.. node.InputArray.Select((input, i) => new Scalar.Input(i, input.DType))])
            ),
            _ => true,
        };

    /// <summary>The expressions with stand-ins in place of what they compute of <paramref name="results"/>.</summary>
    private static Tensor[] Replace(Tensor[] expressions, Tensor[] results, Tensor[] standIns)
    {
        var known = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        var parts = new Dictionary<(Tensor Tuple, int Position), Tensor>();
        for (int i = 0; i < results.Length; i++)
            if (results[i].Op is ProjectOp project)
                parts[(results[i].Inputs[0], project.Position)] = standIns[i];
            else if (!results[i].Inputs.IsEmpty)
                known[results[i]] = standIns[i];
        foreach (Tensor node in Walk.Postorder(expressions, node => StandIn(node) is null))
            known[node] = StandIn(node) ?? Rebuilt(node, known);
        return Array.ConvertAll(expressions, expression => known[expression]);

        // Projections of one tuple are made anew by each rule: they are the same by position.
        Tensor? StandIn(Tensor node) =>
            node.Op is ProjectOp project
                ? parts.GetValueOrDefault((node.Inputs[0], project.Position))
                : known.GetValueOrDefault(node);
    }

    private static Tensor Rebuilt(Tensor node, Dictionary<Tensor, Tensor> known)
    {
        Tensor[] inputs = Array.ConvertAll(node.InputArray, input => known[input]);
        return inputs.AsSpan().SequenceEqual(node.InputArray)
            ? node
            : Tensor.Make(node.Op, new InputList(inputs), node.Type);
    }
}

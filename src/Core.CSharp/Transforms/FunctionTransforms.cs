using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>The transforms of a closed function, each a closed function again.</summary>
internal static class FunctionTransforms
{
    extension(Function function)
    {
        /// <summary>The types of all arguments, parameters first.</summary>
        public TensorType[] ArgumentTypes => Tensor.Types(function.Arguments);

        /// <summary>The types of the results.</summary>
        public TensorType[] ResultTypes => Tensor.Types(function.Results);

        /// <summary>The results that have derivatives.</summary>
        public int[] MovableResults =>
            [.. Enumerable.Range(0, function.Results.Length).Where(i => function.Results[i].DType.IsFloat)];

        /// <summary>The function with further arguments, which it ignores.</summary>
        public Function Ignoring(TensorType[] more)
        {
            int count = function.Arguments.Length;
            return Function.TraceClosed(
                "ignore",
                [.. function.ArgumentTypes, .. more],
                all => function.Apply(all.AsSpan(0, count))
            );
        }

        /// <summary>
        /// (arguments, cotangents of the floating-point results) → cotangents of those arguments that are
        /// <paramref name="needed"/>, in order. Every argument is a parameter of the new function.
        /// </summary>
        public Function Vjp(ReadOnlySpan<bool> needed)
        {
            int count = function.Arguments.Length;
            bool[] wanted = needed.ToArray();
            int[] movable = function.MovableResults;
            return Function.TraceClosed(
                "vjp",
                [.. function.ArgumentTypes, .. movable.Select(i => function.Results[i].Type)],
                all =>
                {
                    Tensor[] arguments = all[..count];
                    Tensor[] results = function.Apply(arguments);
                    Tensor[] sources = Flags.Chosen<Tensor>(wanted, arguments);
                    return Differentiation.Pull(sources, [.. movable.Select(i => results[i])], all[count..]);
                }
            );
        }

        /// <summary>
        /// (arguments, tangents of the arguments that are <paramref name="moving"/>) → (results, tangents of the floating-point results).
        /// </summary>
        public Function Jvp(ReadOnlySpan<bool> moving)
        {
            int count = function.Arguments.Length;
            bool[] moved = moving.ToArray();
            int[] movable = function.MovableResults;
            return Function.TraceClosed(
                "jvp",
                [.. function.ArgumentTypes, .. Flags.Chosen<TensorType>(moving, function.ArgumentTypes)],
                all =>
                {
                    Tensor[] arguments = all[..count];
                    Tensor[] results = function.Apply(arguments);
                    Tensor[] targets = [.. movable.Select(i => results[i])];
                    Tensor[] sources = Flags.Chosen<Tensor>(moved, arguments);
                    return [.. results, .. Differentiation.Push(sources, all[count..], targets)];
                }
            );
        }

        /// <summary>The tangent of the only result at given arguments; null if nothing moves.</summary>
        /// <param name="arguments">The arguments.</param>
        /// <param name="tangents">Their tangents; null is zero.</param>
        public Tensor? Tangent(ReadOnlySpan<Tensor> arguments, ReadOnlySpan<Tensor?> tangents)
        {
            bool[] moving = Flags.Present(tangents);
            Tensor[] given = Flags.Given(tangents);
            return given.Length == 0 ? null : function.Jvp(moving).Apply([.. arguments, .. given])[^1];
        }

        /// <summary>The cotangents of arguments for one of the only result; null where they are not needed.</summary>
        /// <param name="arguments">The arguments.</param>
        /// <param name="cotangent">The cotangent of the result.</param>
        /// <param name="needed">Which arguments' cotangents are wanted.</param>
        public Tensor?[] Cotangent(ReadOnlySpan<Tensor> arguments, Tensor cotangent, ReadOnlySpan<bool> needed) =>
            needed.Contains(true)
                ? Flags.Spread<Tensor>(needed, function.Vjp(needed).Apply([.. arguments, cotangent]))
                : new Tensor?[needed.Length];

        /// <summary>(x, other arguments, w) → wᵀ·∂f/∂x, for the first argument x and a function of one result.</summary>
        public Function VjpOfFirst() => function.Vjp(Flags.First(function.Arguments.Length));

        /// <summary>(x, other arguments, v) → (f, ∂f/∂x·v), for the first argument x and a function of one result.</summary>
        public Function JvpOfFirst() => function.Jvp(Flags.First(function.Arguments.Length));

        /// <summary>(x [n], other arguments) → ∂f/∂x [m, n] of a function of one result [m], by the mode that has fewer directions.</summary>
        public Function JacobianOfFirst()
        {
            (int m, int n) = (function.Results[0].Length, function.Arguments[0].Length);
            return m < n ? function.RowsOfFirst(m) : function.ColumnsOfFirst(n);
        }

        private Function RowsOfFirst(int m)
        {
            Function pull = function.VjpOfFirst().Vmap([.. new bool[function.Arguments.Length], true], m);
            return Function.TraceClosed(
                "jacobian",
                function.ArgumentTypes,
                all => pull.Apply([.. all, Tensor.Eye(m, dtype: all[0].DType)])
            );
        }

        private Function ColumnsOfFirst(int n)
        {
            Function push = function.JvpOfFirst().Vmap([.. new bool[function.Arguments.Length], true], n);
            return Function.TraceClosed(
                "jacobian",
                function.ArgumentTypes,
                all => [push.Apply([.. all, Tensor.Eye(n, dtype: all[0].DType)])[1].T]
            );
        }

        /// <summary>The function on batches of those arguments that are <paramref name="batched"/>; every result is batched.</summary>
        public Function Vmap(ReadOnlySpan<bool> batched, int size)
        {
            bool[] which = batched.ToArray();
            TensorType[] types =
            [
                .. function.ArgumentTypes.Select(
                    (type, i) => which[i] ? type with { Shape = type.Shape.Prepend(size) } : type
                ),
            ];
            return Function.TraceClosed(
                "vmap",
                types,
                all =>
                {
                    using Trace trace = Trace.Abstract("vmap");
                    Tensor[] items =
                    [
                        .. all.Select(
                            (batch, i) => which[i] ? Tensor.Parameter(function.Arguments[i].Type, trace) : batch
                        ),
                    ];
                    Tensor[] sources = Flags.Chosen<Tensor>(which, items);
                    return Batch.Map(sources, Flags.Chosen<Tensor>(which, all), function.Apply(items), size);
                }
            );
        }
    }
}

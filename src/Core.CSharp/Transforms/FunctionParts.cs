using Implicit.Graph;

namespace Implicit.Transforms;

/// <summary>Which parts of a closed function depend on which.</summary>
internal static class FunctionParts
{
    extension(Function function)
    {
        /// <summary>The function with only some of its results.</summary>
        public Function Select(ReadOnlySpan<bool> wanted)
        {
            if (!wanted.Contains(false))
                return function;
            bool[] kept = wanted.ToArray();
            return Function.TraceClosed(
                "select",
                function.ArgumentTypes,
                all => Flags.Chosen<Tensor>(kept, function.Apply(all))
            );
        }

        /// <summary>Which arguments the results use at all.</summary>
        public bool[] UsedArguments
        {
            get
            {
                bool[] used = new bool[function.Arguments.Length];
                foreach (Structure.Node node in function.Structure.Nodes)
                    if (node.Op is PlaceholderOp placeholder)
                        used[placeholder.Number] = true;
                return used;
            }
        }

        /// <summary>Which floating-point results depend on the chosen arguments.</summary>
        public bool[] Moved(ReadOnlySpan<bool> moving)
        {
            Tensor[] sources = Flags.Chosen<Tensor>(moving, function.Arguments);
            NodeOrder dependent = Walk.Between(sources, function.Results);
            return Array.ConvertAll(function.Results, result => result.DType.IsFloat && dependent.Contains(result));
        }
    }
}

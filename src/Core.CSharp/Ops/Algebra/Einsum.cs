using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Products of operands, summed over the labels that the result does not have: <c>Einsum("ij,jk->ik", a, b)</c> is the matrix product.
    /// </summary>
    /// <param name="equation">
    /// One term of letters for each operand, separated by commas, a letter for each axis. After <c>-></c> the labels of the result in
    /// order; without it, the labels that occur once, by the alphabet. A letter twice in a term takes the diagonal. An ellipsis
    /// <c>...</c> stands for any axes, which broadcast.
    /// </param>
    /// <param name="operands">The tensors; they are multiplied from left to right.</param>
    /// <returns>An axis for each label of the result.</returns>
    /// <exception cref="TensorException">
    /// The equation cannot be read, does not fit the operands, or gives one label two extents.
    /// </exception>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
    {
        Throw.Unless(!operands.IsEmpty, "einsum", "there must be at least one operand", "none");
        var parsed = EinsumEquation.Parse(equation, operands);
        var factors = new Labelled[operands.Length];
        for (int i = 0; i < factors.Length; i++)
            factors[i] = new Labelled(operands[i], parsed.Operands[i]).WithoutRepetitions(parsed.Extents);
        var wanted = new HashSet<int>(parsed.Result);
        Labelled product = factors[0];
        for (int i = 1; i < factors.Length; i++)
        {
            var later = new HashSet<int>(wanted);
            foreach (Labelled factor in factors.AsSpan(i + 1))
                later.UnionWith(factor.Labels);
            product = Labelled.Product(
                product.Keeping(label => later.Contains(label) || factors[i].Labels.Contains(label)),
                factors[i].Keeping(label => later.Contains(label) || product.Labels.Contains(label)),
                later
            );
        }
        return product.Keeping(wanted.Contains).Ordered(parsed.Result).Tensor;
    }

    /// <summary>A tensor with a label for each axis.</summary>
    private sealed record Labelled(Tensor Tensor, List<int> Labels)
    {
        /// <summary>Repeated labels become the diagonal; axes of an ellipsis that only broadcast are gone.</summary>
        public Labelled WithoutRepetitions(Dictionary<int, int> extents)
        {
            Labelled x = this;
            for (int axis = x.Labels.Count - 1; axis >= 0; axis--)
            {
                int first = x.Labels.IndexOf(x.Labels[axis]);
                if (first < axis)
                    x = x.OnDiagonalOf(first, axis);
                else if (x.Tensor.Shape[axis] != extents[x.Labels[axis]])
                    x = new Labelled(Squeeze(x.Tensor, axis), Without(x.Labels, axis));
            }
            return x;
        }

        /// <summary>The sum over all other labels.</summary>
        public Labelled Keeping(Func<int, bool> keep)
        {
            int[] gone = [.. Labels.Index().Where(label => !keep(label.Item)).Select(label => label.Index)];
            return gone.Length == 0 ? this : new Labelled(Sum(Tensor, gone), [.. Labels.Where(keep)]);
        }

        public Labelled Ordered(List<int> labels)
        {
            int[] order = [.. labels.Select(label => Labels.IndexOf(label))];
            return new Labelled(Permute(Tensor, order), labels);
        }

        /// <summary>The product, summed over the labels that both have and nothing later needs.</summary>
        public static Labelled Product(Labelled a, Labelled b, HashSet<int> later)
        {
            List<int> batch = [.. a.Labels.Where(label => b.Labels.Contains(label) && later.Contains(label))];
            List<int> inner = [.. a.Labels.Where(label => b.Labels.Contains(label) && !later.Contains(label))];
            List<int> left = [.. a.Labels.Where(label => !b.Labels.Contains(label))];
            List<int> right = [.. b.Labels.Where(label => !a.Labels.Contains(label))];
            Shape extents = Extents(a, batch).Concat(Extents(a, left)).Concat(Extents(b, right));
            Tensor rows = a.Grouped(batch, left, inner);
            Tensor columns = b.Grouped(batch, inner, right);
            Tensor product = inner.Count == 0 ? rows * columns : MatMul(rows, columns);
            return new Labelled(Reshape(product, extents), [.. batch, .. left, .. right]);
        }

        /// <summary>The batch axes, and all rows and all columns as one axis each.</summary>
        private Tensor Grouped(List<int> batch, List<int> rows, List<int> columns)
        {
            Tensor ordered = Ordered([.. batch, .. rows, .. columns]).Tensor;
            Shape grouped = Extents(this, batch).Concat([Extents(this, rows).Length, Extents(this, columns).Length]);
            return Reshape(ordered, grouped);
        }

        private Labelled OnDiagonalOf(int first, int second)
        {
            Tensor pair = MoveAxis(MoveAxis(Tensor, second, -1), first, -2);
            List<int> labels = Without(Labels, second);
            labels.RemoveAt(first);
            labels.Add(Labels[first]);
            return new Labelled(Diagonal(pair), labels);
        }

        private static Shape Extents(Labelled x, List<int> labels) =>
            labels.Select(label => x.Tensor.Shape[x.Labels.IndexOf(label)]).ToArray();

        private static List<int> Without(List<int> labels, int axis) => [.. labels.Where((_, i) => i != axis)];
    }
}

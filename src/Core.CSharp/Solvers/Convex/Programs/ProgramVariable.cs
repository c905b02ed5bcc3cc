using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>The variable of a program: tensors of one element type, and where each lies in the vector of all their elements.</summary>
/// <param name="DType">The element type.</param>
/// <param name="Shapes">The shapes of the tensors, in the order of the tree.</param>
internal sealed record ProgramVariable(DType DType, ValueArray<Shape> Shapes)
{
    /// <summary>The number of elements.</summary>
    public int Length => Shapes.ToArray().Sum(shape => shape.Length);

    /// <summary>The types of the tensors.</summary>
    public TensorType[] Types => Array.ConvertAll(Shapes.ToArray(), shape => new TensorType(DType, shape));

    public static ProgramVariable Of<T>(T x0)
    {
        Tensor[] leaves = Tree.Leaves(x0);
        Traced.RequireFloats(ProgramReader.Title, leaves);
        foreach (Tensor leaf in leaves)
            Throw.Unless(
                leaf.DType == leaves[0].DType,
                ProgramReader.Title,
                "all tensors of the variable must have one element type",
                $"{leaves[0].Type} and {leaf.Type}"
            );
        return new(leaves[0].DType, [.. leaves.Select(leaf => leaf.Shape)]);
    }

    /// <summary>Where the elements of a tensor begin.</summary>
    public int StartOf(int tensor) => Shapes.ToArray().Take(tensor).Sum(shape => shape.Length);

    /// <summary>The tensors whose elements a vector holds.</summary>
    public Tensor[] Split(Tensor vector)
    {
        var parts = new Tensor[Shapes.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            int start = StartOf(i);
            parts[i] = Tensor.Reshape(Tensor.Slice(vector, 0, start, start + Shapes[i].Length), Shapes[i]);
        }
        return parts;
    }

    /// <summary>A tree of a given form with the elements of a vector.</summary>
    public T Unravel<T>(T form, Tensor vector) => Tree.With(form, Split(vector));
}

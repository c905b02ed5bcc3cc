using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Joins tensors along an axis that they have.</summary>
    /// <param name="parts">At least one; their shapes agree but for the axis. Plain numbers adapt their element type.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The extent of the axis is the sum of the parts'.</returns>
    /// <exception cref="TensorException">There are no parts, they are scalars, or their shapes or element types differ.</exception>
    public static Tensor Concat(IReadOnlyList<Tensor> parts, int axis = 0)
    {
        Tensor[] all = OneType("concat", parts);
        int along = Axes.Normalise("concat", axis, all[0].Rank);
        return all.Length == 1 ? all[0] : Unsplit(all, along) ?? Apply(new ConcatOp(along), all);
    }

    /// <summary>Joins tensors of one shape along a new axis.</summary>
    /// <param name="items">At least one. Plain numbers adapt their element type.</param>
    /// <param name="axis">The place of the new axis in the result; negative counts from the end.</param>
    /// <exception cref="TensorException">There are no items, or their shapes or element types differ.</exception>
    public static Tensor Stack(IReadOnlyList<Tensor> items, int axis = 0)
    {
        Tensor[] all = OneType("stack", items);
        foreach (Tensor item in all)
        {
            TensorType.RequireOneDType("stack", all[0].Type, item.Type);
            Throw.Unless(item.Shape == all[0].Shape, "stack", "shapes must agree", $"{all[0].Type} and {item.Type}");
        }
        int along = Axes.Normalise("stack", axis, all[0].Rank + 1);
        return Concat(Array.ConvertAll(all, item => Unsqueeze(item, along)), along);
    }

    /// <summary>The tensors after plain numbers have adapted to the element type of the others.</summary>
    private static Tensor[] OneType(string op, IReadOnlyList<Tensor> tensors)
    {
        Throw.Unless(tensors.Count > 0, op, "there must be at least one tensor", "none");
        Tensor model = tensors[0];
        for (int i = 1; i < tensors.Count && model.Op is LiteralOp; i++)
            model = tensors[i];
        var all = new Tensor[tensors.Count];
        for (int i = 0; i < all.Length; i++)
            all[i] =
                tensors[i].Op is LiteralOp literal && literal.Number is double number && tensors[i].DType != model.DType
                    ? Adapted(op, number, model.DType)
                    : tensors[i];
        return all;
    }

    private sealed record ConcatOp(int Axis) : Op
    {
        public override string Name => "concat";

        public override int? Degree(ReadOnlySpan<int> inputs) => Degrees.Highest(inputs);

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            TensorType first = inputs[0];
            long extent = 0;
            foreach (TensorType part in inputs)
            {
                TensorType.RequireOneDType(Name, first, part);
                Throw.Unless(
                    part.Shape.Rank == first.Shape.Rank && part.Shape.With(Axis, 0) == first.Shape.With(Axis, 0),
                    Name,
                    $"shapes must agree but for axis {Axis}",
                    $"{first} and {part}"
                );
                extent += part.Shape[Axis];
            }
            return new TensorType(first.DType, first.Shape.With(Axis, Axes.Extent(Name, extent)));
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            var cotangents = new Tensor?[needed.Length];
            int start = 0;
            for (int i = 0; i < cotangents.Length; i++)
            {
                int stop = start + result.Inputs[i].Shape[Axis];
                if (needed[i])
                    cotangents[i] = Slice(cotangent, Axis, start, stop);
                start = stop;
            }
            return cotangents;
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            var parts = new Tensor[tangents.Length];
            for (int i = 0; i < parts.Length; i++)
                parts[i] = tangents[i] ?? ZerosLike(result.Inputs[i]);
            return Apply(this, parts);
        }

        public override Op? OfItem(Shape result) => Axis == 0 ? null : this;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new ConcatOp(Axis + 1), Batching.Materialise(inputs, batched, size));

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            int[] starts = new int[result.Shape.Rank];
            int[] steps = new int[starts.Length];
            Array.Fill(steps, 1);
            foreach (View part in inputs)
            {
                emitter.Copy(part, output.Part(starts, steps, part.Shape));
                starts[Axis] += part.Shape[Axis];
            }
            return output;
        }
    }
}

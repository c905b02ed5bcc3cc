using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The elements along an axis in order; NaN comes last.</summary>
    /// <param name="x">Rank 1 or more, numbers.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    public static Tensor Sort(Tensor x, int axis = -1, bool descending = false)
    {
        Arithmetic.Numeric("sort", x.DType);
        return TakeAlongAxis(x, Argsort(x, Axes.Normalise("sort", axis, x.Rank), descending), axis);
    }

    /// <summary>The places from which the elements along an axis come in order; equals keep theirs, NaN comes last.</summary>
    /// <param name="x">Rank 1 or more, numbers.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    /// <returns>int64, the shape of x.</returns>
    public static Tensor Argsort(Tensor x, int axis = -1, bool descending = false)
    {
        int along = Axes.Normalise("argsort", axis, x.Rank);
        return MoveAxis(Apply(new ArgsortOp(descending), MoveAxis(x, along, -1)), -1, along);
    }

    private sealed record ArgsortOp(bool Descending) : Op
    {
        public override string Name => "argsort";

        public override bool IsCostly => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Arithmetic.Numeric(Name, inputs[0].DType);
            return inputs[0] with { DType = DType.Int64 };
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [null];

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            var order = new Ordering(result.Shape[^1], Descending);
            emitter.Emit(new Host(order, [emitter.Whole(inputs[0]).Operand], [output.Operand]));
            return output;
        }
    }

    /// <summary>Sorts the places of each row of a given length by the elements there.</summary>
    private sealed record Ordering(int Length, bool Descending) : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs) =>
            outputs[0]!.Write<long>(
                inputs[0].DType switch
                {
                    DType.Float64 => Places(inputs[0].Read<double>()),
                    DType.Float32 => Places(inputs[0].Read<float>()),
                    _ => Places(inputs[0].Read<long>()),
                }
            );

        private long[] Places<T>(ReadOnlySpan<T> elements)
            where T : unmanaged, IComparable<T>, IEquatable<T>
        {
            long[] places = new long[elements.Length];
            var comparer = new ByElement<T>(elements.ToArray(), Descending);
            for (int row = 0; row < places.Length; row += Length)
            {
                for (int i = 0; i < Length; i++)
                    places[row + i] = row + i;
                Array.Sort(places, row, Length, comparer);
                for (int i = 0; i < Length; i++)
                    places[row + i] -= row;
            }
            return places;
        }
    }

    /// <summary>Compares places by element, then by place, which keeps the order of equals.</summary>
    private sealed class ByElement<T>(T[] elements, bool descending) : IComparer<long>
        where T : unmanaged, IComparable<T>, IEquatable<T>
    {
        public int Compare(long a, long b)
        {
            bool lastA = IsNaN(elements[a]);
            bool lastB = IsNaN(elements[b]);
            int order =
                lastA || lastB ? lastA.CompareTo(lastB)
                : descending ? elements[b].CompareTo(elements[a])
                : elements[a].CompareTo(elements[b]);
            return order != 0 ? order : a.CompareTo(b);
        }

        private static bool IsNaN(T element) => element is double.NaN or float.NaN;
    }
}

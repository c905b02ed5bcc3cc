using System.Buffers;
using System.Numerics;
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
        private const ulong Sign = 1UL << 63;

        public bool KeepsInputs => false;

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            int length = inputs[0].Length;
            ulong[] keys = ArrayPool<ulong>.Shared.Rent(length);
            long[] places = ArrayPool<long>.Shared.Rent(length);
            try
            {
                WriteKeys(inputs[0], keys);
                for (int row = 0; row < length; row += Length)
                    Sort(keys.AsSpan(row, Length), places.AsSpan(row, Length));
                outputs[0]!.Write<long>(places.AsSpan(0, length));
            }
            finally
            {
                ArrayPool<ulong>.Shared.Return(keys);
                ArrayPool<long>.Shared.Return(places);
            }
        }

        /// <summary>The places of equal keys keep their order.</summary>
        private static void Sort(Span<ulong> keys, Span<long> places)
        {
            for (int i = 0; i < places.Length; i++)
                places[i] = i;
            keys.Sort(places);
            for (int from = 0, to; from < keys.Length; from = to)
            {
                to = from + 1;
                while (to < keys.Length && keys[to] == keys[from])
                    to++;
                places[from..to].Sort();
            }
        }

        private void WriteKeys(Buffer elements, ulong[] keys)
        {
            if (elements.DType == DType.Float64)
                WriteKeys(elements.Read<double>(), keys);
            else if (elements.DType == DType.Float32)
                WriteKeys(elements.Read<float>(), keys);
            else
                WriteKeys(elements.Read<long>(), keys);
        }

        private void WriteKeys<T>(ReadOnlySpan<T> elements, ulong[] keys)
            where T : unmanaged, INumber<T>
        {
            for (int i = 0; i < elements.Length; i++)
                keys[i] = Key(elements[i]);
        }

        /// <summary>A whole number without a sign; keys are in the order of the elements.</summary>
        private ulong Key<T>(T x)
            where T : unmanaged, INumber<T>
        {
            if (x is long whole)
                return Directed((ulong)whole ^ Sign);
            if (T.IsNaN(x))
                return ulong.MaxValue;
            // Zeros of both signs are equal.
            ulong bits = BitConverter.DoubleToUInt64Bits(double.CreateTruncating(x) + 0.0);
            return Directed((bits & Sign) == 0 ? bits | Sign : ~bits);
        }

        private ulong Directed(ulong ascending) => Descending ? ~ascending : ascending;
    }
}

using System.Globalization;
using System.Text;
using Implicit.Runtime;

namespace Implicit
{
    public sealed partial class Tensor
    {
        /// <summary>
        /// The elements, computed if they were not before. Large tensors are abridged and headed by type and shape; a tensor that is
        /// being traced has no elements and shows its type only.
        /// </summary>
        /// <returns>Text in the invariant culture.</returns>
        public override string ToString() =>
            IsTraced ? $"Tensor {Type} (traced by {HiddenBy!.Name})"
            : DType == DType.Opaque ? "Tensor opaque"
            : Printing.Text(this);
    }
}

namespace Implicit.Runtime
{
    /// <summary>Lays out the elements of a tensor as nested brackets with aligned columns.</summary>
    internal sealed class Printing
    {
        private const int PrintedWhole = 1000;
        private const int EdgePlaces = 3;
        private const int LineWidth = 100;

        private readonly Shape shape;
        private readonly int[] strides;
        private readonly Func<int, string> cell;
        private readonly int[] edges;
        private readonly int width;
        private readonly StringBuilder text = new();

        private Printing(Shape shape, Func<int, string> cell, int[] edges, int width)
        {
            this.shape = shape;
            this.cell = cell;
            this.edges = edges;
            this.width = width;
            strides = Kernels.IndexMap.RowMajor(shape);
        }

        public static string Text(Tensor tensor)
        {
            double[] elements = tensor.ToArray();
            if (tensor.Rank == 0)
                return Single(tensor, elements[0]);
            if (elements.Length == 0)
                return $"{tensor.Type} []";
            int[] edges = new int[tensor.Rank];
            for (int axis = 0; axis < edges.Length; axis++)
                edges[axis] = elements.Length > PrintedWhole ? EdgePlaces : int.MaxValue / 4;
            int[] shown = [.. Shown(tensor.Shape, edges)];
            Func<int, string> cell = Cells(tensor, elements, shown);
            int width = shown.Max(place => cell(place).Length);
            if (tensor.Rank > 1)
                edges[^1] = Math.Min(edges[^1], EdgeThatFits(tensor.Shape, width));
            var printing = new Printing(tensor.Shape, cell, edges, width);
            printing.Write(axis: 0, first: 0);
            string header = printing.IsAbridged ? $"{tensor.Type}\n" : "";
            return header + printing.text;
        }

        private bool IsAbridged => Enumerable.Range(0, shape.Rank).Any(IsCut);

        private static string Single(Tensor tensor, double number) =>
            tensor.DType switch
            {
                DType.Float64 when double.IsFinite(number) && number == Math.Floor(number) && Math.Abs(number) < 1e15 =>
                    number.ToString("0.0", CultureInfo.InvariantCulture),
                DType.Float64 when double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
                _ => Cells(tensor, [number], [0])(0),
            };

        private static Func<int, string> Cells(Tensor tensor, double[] elements, int[] shown)
        {
            if (tensor.DType == DType.Bool)
                return place => elements[place] != 0.0 ? "true" : "false";
            if (tensor.DType == DType.Int64)
            {
                long[] integers = tensor.ToArray<long>();
                return place => integers[place].ToString(CultureInfo.InvariantCulture);
            }
            double[] numbers = Array.ConvertAll(shown, place => elements[place]);
            var format = NumberFormat.For(numbers, tensor.DType == DType.Float32 ? 7 : 8);
            return place => format.Text(elements[place]);
        }

        /// <summary>How many places at each end of a row fit on a line.</summary>
        private static int EdgeThatFits(Shape shape, int width)
        {
            int fit = Math.Max(3, (LineWidth - (2 * shape.Rank)) / (width + 2));
            return shape[^1] <= fit ? int.MaxValue / 4 : (fit - 1) / 2;
        }

        /// <summary>The row-major positions of the elements that are shown.</summary>
        private static IEnumerable<int> Shown(Shape shape, int[] edges)
        {
            IEnumerable<int> positions = [0];
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                int extent = shape[axis];
                int edge = edges[axis];
                int[] places = [.. Enumerable.Range(0, extent).Where(i => i < edge || i >= extent - edge)];
                positions = positions.SelectMany(position => places.Select(place => (position * extent) + place));
            }
            return positions;
        }

        private bool IsCut(int axis) => shape[axis] > 2 * edges[axis];

        private void Write(int axis, int first)
        {
            if (axis == shape.Rank)
            {
                text.Append(cell(first).PadLeft(width));
                return;
            }
            text.Append('[');
            int lineStart = text.Length;
            for (int i = 0; i < shape[axis]; i++)
            {
                if (i > 0)
                    lineStart = Separate(axis, lineStart);
                if (IsCut(axis) && i == edges[axis])
                {
                    text.Append('…');
                    i = shape[axis] - edges[axis] - 1;
                    continue;
                }
                Write(axis + 1, first + (i * strides[axis]));
            }
            text.Append(']');
        }

        /// <summary>Between neighbours of an axis: a space within rows, lines between rows, empty lines between matrices.</summary>
        private int Separate(int axis, int lineStart)
        {
            text.Append(',');
            int inner = shape.Rank - 1 - axis;
            bool isLineFull = shape.Rank == 1 && text.Length - lineStart + width + 2 > LineWidth;
            if (inner == 0 && !isLineFull)
            {
                text.Append(' ');
                return lineStart;
            }
            text.Append('\n', Math.Max(1, inner)).Append(' ', axis + 1);
            return text.Length;
        }
    }
}

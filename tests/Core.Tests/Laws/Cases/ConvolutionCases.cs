namespace Implicit.Tests.Laws.Cases;

/// <summary>Windows, convolutions and pooling. References visit every element of every window.</summary>
internal static class ConvolutionCases
{
    public static IEnumerable<OpCase> All => [.. Windows, .. Convolutions, .. Transposes, .. Pools];

    private static IEnumerable<OpCase> Windows =>
        [
            new(
                "windows with stride and dilation",
                [Arg.Floats([2, 8, 2])],
                [2, 2, 2, 3],
                x => Tensor.Windows(x[0], 1, 3, stride: 3, dilation: 2),
                x => Fill([2, 2, 2, 3], at => x[0][(at[0] * 16) + (((at[1] * 3) + (at[3] * 2)) * 2) + at[2]])
            ),
            new(
                "windows that overlap, computed on",
                [Arg.Floats([5])],
                [3, 3],
                x => Tensor.Windows(x[0] * x[0], 0, 3) * 2.0,
                x => Fill([3, 3], at => 2.0 * x[0][at[0] + at[1]] * x[0][at[0] + at[1]])
            ),
            new(
                "overlapAdd",
                [Arg.Floats([2, 3, 2, 3])],
                [2, 9, 2],
                x => Tensor.OverlapAdd(x[0], 1, 9, stride: 2, dilation: 2),
                x => Added([2, 3, 2, 3], [2, 9, 2], x[0], at => [at[0], (at[1] * 2) + (at[3] * 2), at[2]])
            ),
            new(
                "overlapAdd of many terms, of a transpose",
                [Arg.Floats([40, 2])],
                [43],
                x => Tensor.OverlapAdd(x[0].T, 0, 43, stride: 3),
                x => Added([40, 2], [43], x[0], at => [(at[1] * 3) + at[0]])
            ),
        ];

    private static IEnumerable<OpCase> Convolutions =>
        [
            Conv("conv 1d", new Geometry([2, 3, 6], [2, 3, 3])),
            Conv("conv 1d without a batch", new Geometry([2, 5], [3, 2, 2])),
            Conv("conv 2d with padding", new Geometry([2, 2, 4, 3], [3, 2, 3, 2]) { Padding = [1, 1] }),
            Conv(
                "conv 2d with stride, padding and dilation",
                new Geometry([1, 2, 7, 6], [2, 2, 3, 2])
                {
                    Stride = [2, 1],
                    Padding = [1, 0],
                    Dilation = [2, 3],
                }
            ),
            Conv("conv 2d in groups", new Geometry([2, 4, 3, 3], [6, 2, 2, 2]) { Groups = 2 }),
            Conv("conv 3d", new Geometry([1, 1, 2, 3, 2], [2, 1, 2, 2, 1])),
        ];

    private static IEnumerable<OpCase> Transposes =>
        [
            Transposed("convTranspose 1d", new Geometry([2, 3, 4], [3, 2, 3])),
            Transposed(
                "convTranspose 2d with stride and padding",
                new Geometry([1, 2, 3, 2], [2, 2, 3, 2])
                {
                    Stride = [2, 3],
                    Padding = [1, 0],
                    Rest = [1, 2],
                }
            ),
            Transposed(
                "convTranspose 2d in groups, dilated",
                new Geometry([2, 4, 2, 2], [4, 1, 2, 2]) { Dilation = [1, 2], Groups = 2 }
            ),
        ];

    private static IEnumerable<OpCase> Pools =>
        [
            new(
                "maxPool",
                [Arg.Apart([1, 2, 4, 5])],
                [1, 2, 2, 2],
                x => Tensor.MaxPool(x[0], [2, 2]),
                x => Pooled([1, 2, 4, 5], [1, 2, 2, 2], x[0], size: 2, stride: 2, padding: 0, seen => seen.Max())
            ),
            new(
                "maxPool with stride and padding",
                [Arg.Apart([2, 1, 5, 4])],
                [2, 1, 5, 2],
                x => Tensor.MaxPool(x[0], [3, 3], stride: [1, 2], padding: [1]),
                x =>
                    [
                        .. Pooled([2, 1, 5, 4], [2, 1, 5, 4], x[0], size: 3, stride: 1, padding: 1, seen => seen.Max())
                            .Where((_, p) => p % 2 == 0),
                    ]
            ),
            new(
                "avgPool of a line",
                [Arg.Floats([3, 7])],
                [3, 3],
                x => Tensor.AvgPool(x[0], [2]),
                x => Fill([3, 3], at => (x[0][(at[0] * 7) + (at[1] * 2)] + x[0][(at[0] * 7) + (at[1] * 2) + 1]) / 2.0)
            ),
            new(
                "avgPool with stride and padding",
                [Arg.Floats([2, 1, 5, 6])],
                [2, 1, 3, 3],
                x => Tensor.AvgPool(x[0], [3, 3], stride: [2], padding: [1]),
                x => Pooled([2, 1, 5, 6], [2, 1, 3, 3], x[0], size: 3, stride: 2, padding: 1, seen => seen.Sum() / 9.0)
            ),
        ];

    private static OpCase Conv(string name, Geometry shape) =>
        new(
            name,
            [Arg.Floats(shape.X), Arg.Floats(shape.Weight)],
            shape.Convolved,
            x => Tensor.Conv(x[0], x[1], shape.Stride, shape.Padding, shape.Dilation, shape.Groups),
            x =>
            {
                double[] sums = new double[shape.Convolved.Length];
                foreach ((int small, int large, int weight) in shape.Meetings(shape.Convolved, shape.X))
                    sums[small] += x[1][weight] * x[0][large];
                return sums;
            }
        );

    private static OpCase Transposed(string name, Geometry shape) =>
        new(
            name,
            [Arg.Floats(shape.X), Arg.Floats(shape.Weight)],
            shape.Spread,
            x =>
                Tensor.ConvTranspose(x[0], x[1], shape.Stride, shape.Padding, shape.Dilation, shape.Groups, shape.Rest),
            x =>
            {
                double[] sums = new double[shape.Spread.Length];
                foreach ((int small, int large, int weight) in shape.Meetings(shape.X, shape.Spread))
                    sums[large] += x[1][weight] * x[0][small];
                return sums;
            }
        );

    /// <summary>For each window over the last two axes, a function of its elements inside x.</summary>
    private static double[] Pooled(
        Shape from,
        Shape to,
        double[] x,
        int size,
        int stride,
        int padding,
        Func<IEnumerable<double>, double> combine
    )
    {
        var window = new Geometry(from, [1, 1, size, size]) { Stride = [stride], Padding = [padding] };
        // Channels are pooled one by one: to a convolution they are items.
        Shape items = [from[0] * from[1], 1, from[2], from[3]];
        return
        [
            .. (window with { X = items })
                .Meetings([to[0] * to[1], 1, to[2], to[3]], items)
                .GroupBy(meeting => meeting.Small, meeting => x[meeting.Large])
                .OrderBy(seen => seen.Key)
                .Select(combine),
        ];
    }

    private static double[] Fill(Shape shape, Func<int[], double> element) =>
        [.. Geometry.Points(shape).Select(element)];

    private static double[] Added(Shape from, Shape to, double[] x, Func<int[], int[]> place)
    {
        double[] sums = new double[to.Length];
        foreach (int[] at in Geometry.Points(from))
            sums[Geometry.Flat(place(at), to)] += x[Geometry.Flat(at, from)];
        return sums;
    }
}

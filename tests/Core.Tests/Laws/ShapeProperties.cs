using Implicit.Testing;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>What holds for every shape, with numbers that add and multiply exactly.</summary>
public sealed class ShapeProperties
{
    [Property(typeof(Shapes), MaxTest = 200)]
    public void Broadcasting_is_a_loop_over_the_joined_shape(ShapedPair pair)
    {
        Tensor result = (pair.A.Tensor * pair.B.Tensor) - pair.B.Tensor;
        Assert.Equal(pair.Joined, result.Shape);
        double[] expected = new double[pair.Joined.Length];
        for (int p = 0; p < expected.Length; p++)
        {
            double b = At(pair.B, p, pair.Joined);
            expected[p] = (At(pair.A, p, pair.Joined) * b) - b;
        }
        Assert.Equal(expected, result.ToArray());
    }

    [Property(typeof(Shapes), MaxTest = 200)]
    public void The_vjp_of_a_broadcast_sums_what_was_repeated(ShapedPair pair)
    {
        Tensor[] gradient = Differentiation
            .ValueAndGrad<Tensor[], Tensor>(x => Tensor.Sum(x[0] * x[1]), [pair.A.Tensor, pair.B.Tensor])
            .Gradient;
        double[] expected = new double[pair.A.Shape.Length];
        for (int p = 0; p < pair.Joined.Length; p++)
            expected[Place(pair.A.Shape, p, pair.Joined)] += At(pair.B, p, pair.Joined);
        Assert.Equal(pair.A.Shape, gradient[0].Shape);
        Assert.Equal(expected, gradient[0].ToArray());
    }

    [Property(typeof(Shapes), MaxTest = 200)]
    public void A_reduction_is_a_loop_over_the_axes(ShapedAxes reduced)
    {
        Shape shape = reduced.X.Shape;
        int[] axes = reduced.Axes.Length > 0 ? reduced.Axes : [.. Enumerable.Range(0, shape.Rank)];
        int[] ones = shape
            .Select((extent, axis) => axes.Contains(axis) || axes.Contains(axis - shape.Rank) ? 1 : extent)
            .ToArray();
        double[] expected = new double[((Shape)ones).Length];
        for (int p = 0; p < reduced.X.Elements.Length; p++)
            expected[Place(ones, p, shape)] += reduced.X.Elements[p];
        Tensor kept = Tensor.Sum(reduced.X.Tensor, keepDims: true, reduced.Axes);
        Assert.Equal(ones, kept.Shape);
        Assert.Equal(expected, kept.ToArray());
        Assert.Equal(expected, Tensor.Sum(reduced.X.Tensor, reduced.Axes).ToArray());
    }

    [Property(typeof(Shapes), MaxTest = 200)]
    public void The_largest_element_is_where_argmax_says(Shaped x)
    {
        if (x.Elements.Length == 0)
            return;
        int at = (int)Tensor.Argmax(x.Tensor).ToDouble();
        Assert.Equal(x.Elements.Max(), x.Elements[at]);
        Assert.Equal(x.Elements.Max(), Tensor.Max(x.Tensor).ToDouble());
    }

    [Property(typeof(Shapes), MaxTest = 100)]
    public void The_product_is_each_element_times_its_derivative(ShapedAxes reduced)
    {
        Tensor x = reduced.X.Tensor;
        Tensor gradient = Differentiation
            .ValueAndGrad<Tensor, Tensor>(y => Tensor.Sum(Tensor.Prod(y, reduced.Axes)), x)
            .Gradient;
        Tensor expected = Tensor.Expand(Tensor.Prod(x, keepDims: true, reduced.Axes), x.Shape);
        Close.Normwise(expected.ToArray(), (gradient * x).ToArray(), 1e-12);
    }

    private static double At(Shaped x, int place, Shape joined) => x.Elements[Place(x.Shape, place, joined)];

    /// <summary>Where the element for a place of the joined shape lies in a shape that broadcasts to it.</summary>
    private static int Place(Shape shape, int place, Shape joined)
    {
        int own = 0;
        int stride = 1;
        for (int axis = 1; axis <= joined.Rank; axis++)
        {
            int coordinate = place % joined[^axis];
            place /= joined[^axis];
            if (axis > shape.Rank)
                continue;
            own += shape[^axis] == 1 ? 0 : coordinate * stride;
            stride *= shape[^axis];
        }
        return own;
    }
}

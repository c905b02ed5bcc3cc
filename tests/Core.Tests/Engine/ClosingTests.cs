using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>A function that is traced again is the one that is known; one that only resembles it is not.</summary>
public sealed class ClosingTests
{
    private static readonly TensorType Vector = new(DType.Float64, [3]);

    [Fact]
    public void A_function_traced_again_is_the_same_with_its_own_captures()
    {
        Tensor first = Tensor.Of(1.0, 2.0, 3.0);
        Tensor second = Tensor.Of(4.0, 5.0, 6.0);
        Function one = Trace(x => (Tensor.Exp(x) * first) + 2.0, out Tensor[] captured);
        Function other = Trace(x => (Tensor.Exp(x) * second) + 3.0, out Tensor[] capturedNext);
        Assert.Same(one, other);
        Assert.Same(first, captured[0]);
        Assert.Same(second, capturedNext[0]);
        Assert.Equal(3.0, capturedNext[1].ToDouble());
    }

    /// <summary>What no result uses is no part of the structure, but what is pulled back to it has its type.</summary>
    [Fact]
    public void Functions_of_unused_arguments_of_other_types_are_not_equal()
    {
        Function Of(params TensorType[] types) =>
            Function.Trace("test", types, _ => [Tensor.Scalar(1.0)], out Tensor[] _);
        Assert.Equal(Of(Vector), Of(Vector));
        Assert.NotEqual(Of(Vector), Of(new TensorType(DType.Float64, [5])));
        Assert.NotEqual(Of(Vector), Of(new TensorType(DType.Float32, [3])));
    }

    [Fact]
    public void What_differs_in_anything_is_another()
    {
        Tensor a = Tensor.Of(1.0, 2.0, 3.0);
        Tensor b = Tensor.Of(4.0, 5.0, 6.0);
        Function product = Trace(x => x * a * b, out _);
        Assert.NotSame(product, Trace(x => x * a * a, out Tensor[] captures));
        Assert.Single(captures);
        Assert.NotSame(product, Trace(x => x * a * Tensor.Of(1.0), out _));
        Assert.NotSame(product, Trace(x => x * (a * x), out _));
        Assert.NotSame(product, Trace(x => x * a * b, out _, new TensorType(DType.Float64, [1, 3])));
        Assert.NotSame(product, Function.Trace("other", [Vector], x => [x[0] * a * b], out _));
        Assert.NotSame(product, Function.Trace("test", [Vector, Vector], x => [x[0] * a * b], out _));
    }

    [Fact]
    public void The_types_of_parameters_that_nothing_uses_count()
    {
        Function one = Function.Trace("test", [Vector, Vector], x => [x[0] * 2.0], out _);
        var single = new TensorType(DType.Float32, [3]);
        Function other = Function.Trace("test", [Vector, single], x => [x[0] * 2.0], out _);
        Assert.Equal(DType.Float64, one.Arguments[1].DType);
        Assert.Equal(DType.Float32, other.Arguments[1].DType);
    }

    [Fact]
    public void Equal_numbers_are_one_capture_and_a_result_can_be_one()
    {
        Function function = Function.Trace(
            "test",
            [Vector],
            x => [(x[0] * 2.0) + (x[0] - 2.0), Tensor.Scalar(2.0), Tensor.Scalar(3.0), x[0]],
            out Tensor[] captures
        );
        Assert.Equal([2.0, 3.0], captures.Select(capture => capture.ToDouble()));
        Tensor[] results = function.Apply([Tensor.Of(1.0, 2.0, 3.0), .. captures]);
        Assert.Equal([1.0, 4.0, 7.0], results[0].ToArray());
        Assert.Equal(2.0, results[1].ToDouble());
        Assert.Equal(3.0, results[2].ToDouble());
        Assert.Equal([1.0, 2.0, 3.0], results[3].ToArray());
    }

    /// <summary>What an operation's closure captured goes with the functions that the operation is in, although the thread knows them.</summary>
    [Fact]
    public void A_function_that_is_traced_and_dropped_holds_nothing()
    {
        WeakReference captured = TracedWithClosure();
        Garbage.Collect();
        Assert.False(captured.IsAlive);
    }

    [Property(MaxTest = 100)]
    public void An_order_that_was_returned_is_empty(int seed)
    {
        var random = new Random(seed);
        Tensor[] nodes = [.. Enumerable.Range(0, 300).Select(i => Tensor.Scalar(i))];
        for (int turn = 0; turn < 4; turn++)
        {
            Tensor[] chosen = [.. random.GetItems(nodes, random.Next(1, 200)).Distinct()];
            NodeOrder order = NodeOrder.Rent();
            Assert.DoesNotContain(nodes, order.Contains);
            foreach (Tensor node in chosen)
                Assert.True(order.Add(node));
            Assert.Equal(Enumerable.Range(0, chosen.Length), chosen.Select(order.PlaceOf));
            Assert.Equal(chosen.Length, nodes.Count(order.Contains));
            order.Return();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference TracedWithClosure()
    {
        Tensor large = Tensor.Ones([1_000_000]);
        Assert.Equal(1.0, large.ToArray()[^1]);
        var closure = new Calling(() => GC.KeepAlive(large));
        Function one = Trace(x => CountedOp.Of(x, closure), out _);
        Assert.Same(one, Trace(x => CountedOp.Of(x, closure), out _));
        return new WeakReference(large);
    }

    private static Function Trace(Func<Tensor, Tensor> body, out Tensor[] captures, TensorType? type = null) =>
        Function.Trace("test", [type ?? Vector], x => [body(x[0])], out captures);

    private sealed class Calling(Action call) : Counter
    {
        public override void Increment() => call();
    }
}

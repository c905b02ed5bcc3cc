using Implicit.Graph;
using Implicit.Runtime;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>What a node says that it was applied to.</summary>
public sealed class InputTests
{
    [Fact]
    public void A_number_is_a_tensor_of_the_node_that_was_written_with_it()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        Tensor y = x * 0.5;
        Tensor z = 0.5 - x;
        Assert.Same(x, y.Inputs[0]);
        Assert.Same(y.Inputs[1], y.Inputs[1]);
        Assert.Equal(0.5, y.Inputs[1].ToDouble());
        // Whether numbers are equal is no part of the structure.
        Assert.NotSame(y.Inputs[1], z.Inputs[0]);
        Assert.Equal([-1.0, -2.5], (z - y).ToArray());
    }

    [Fact]
    public void A_number_has_the_element_type_of_what_it_stands_beside()
    {
        Assert.Equal(DType.Float32, (Tensor.Ones([2], DType.Float32) * 0.1).DType);
        Assert.Equal(DType.Int64, (2 + Tensor.Iota([3])).DType);
        Assert.Throws<TensorException>(() => Tensor.Iota([3]) * 0.5);
    }

    [Fact]
    public void Any_number_of_inputs_is_listed_in_order()
    {
        Tensor[] parts = [.. Enumerable.Range(0, 5).Select(i => Tensor.Of([(double)i]))];
        for (int count = 1; count <= parts.Length; count++)
        {
            var inputs = new InputList(parts[..count]);
            Assert.Equal(count, inputs.Length);
            Assert.Equal(parts[..count], inputs.ToArray());
            var listed = new List<Tensor>();
            foreach (Tensor input in inputs)
                listed.Add(input);
            Assert.Equal(parts[..count], listed);
        }
        Assert.True(new InputList([]).IsEmpty);
        Assert.Equal(0, new InputList([]).Length);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Another_thread_sees_all_inputs_or_none(int count)
    {
        Tensor[] parts = [.. Enumerable.Range(0, count).Select(i => Tensor.Of(i, 2.0))];
        Tensor node = Tensor.Concat(parts);
        bool ended = false;
        int torn = 0;
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref ended))
                if (Volatile.Read(ref node).Inputs is { IsEmpty: false } seen && !seen.ToArray().SequenceEqual(parts))
                    torn++;
        });
        reader.Start();
        for (int round = 0; round < 20_000; round++)
        {
            Volatile.Write(ref node, Tensor.Concat(parts));
            Reading.Force(node);
        }
        Volatile.Write(ref ended, true);
        reader.Join();
        Assert.Equal(0, torn);
    }
}

using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

public sealed class ThreadTests
{
    [Fact]
    public void Threads_that_build_and_evaluate_at_once_agree_with_one_alone()
    {
        Tensor shared = Tensor.Exp(Tensor.Linspace(-1, 1, 50));
        double[] expected = [.. Enumerable.Range(0, 400).Select(i => Work(Tensor.Exp(Tensor.Linspace(-1, 1, 50)), i))];
        double[] actual = new double[expected.Length];
        var threads = new Thread[8];
        for (int t = 0; t < threads.Length; t++)
        {
            int first = t;
            threads[t] = new Thread(() =>
            {
                for (int i = first; i < actual.Length; i += threads.Length)
                    actual[i] = Work(shared, i);
            });
            threads[t].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Threads_may_read_one_pending_graph_at_once()
    {
        for (int round = 0; round < 50; round++)
        {
            Tensor y = Tensor.Of(1, 2, 3);
            for (int i = 0; i < 20; i++)
                y = (0.5 * y) + Tensor.Cumsum(y * 0.1);
            double expected = y.ToArray()[2];
            Tensor z = Tensor.Of(1, 2, 3);
            var nodes = new List<Tensor>();
            for (int i = 0; i < 20; i++)
                nodes.Add(z = (0.5 * z) + Tensor.Cumsum(z * 0.1));
            Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => nodes[i / 2].ToArray());
            Assert.Equal(expected, z.ToArray()[2]);
        }
    }

    private static double Work(Tensor shared, int i)
    {
        Tensor scaled = shared * (1 + (i % 7));
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(
            x => Tensor.Sum(Tensor.Exp(-x * scaled) * shared),
            Tensor.Linspace(0, 1, 50) + (0.01 * i)
        );
        return value.ToDouble() + Tensor.Sum(gradient).ToDouble();
    }
}

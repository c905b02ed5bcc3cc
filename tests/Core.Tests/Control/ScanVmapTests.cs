using Implicit.Control;
using Implicit.Graph;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

/// <summary>Batches of loops, and loops inside loops and transforms.</summary>
public sealed class ScanVmapTests
{
    private static readonly Tensor Xs = Tensor.Of(0.5, -0.3, 0.8, 0.4);
    private static readonly Tensor Batch = Tensor.Of(0.2, -0.7, 1.1);

    /// <summary>Which of (carry, elements, capture) have a batch axis.</summary>
    public static TheoryData<bool, bool, bool> Batched =>
        new()
        {
            { true, false, false },
            { false, true, false },
            { false, false, true },
            { true, true, false },
            { false, true, true },
            { true, true, true },
        };

    [Theory]
    [MemberData(nameof(Batched))]
    public void A_batch_of_scans_is_a_loop_over_scans_with_its_derivatives(bool carry, bool elements, bool capture)
    {
        Tensor c = carry ? Batch : Tensor.Scalar(0.9);
        Tensor xs = elements ? Tensor.Reshape(Batch, [3, 1]) * Xs : Xs;
        Tensor w = capture ? 1.0 + Batch : Tensor.Scalar(1.4);
        Tensor[] all = [c, xs, w];
        bool[] batched = [carry, elements, capture];
        AssertMapped(t => [Total(t)], all, batched);
        AssertMapped(t => Differentiation.Grad(Total, t), all, batched);
        AssertMapped(t => [Differentiation.Jvp(Total, t, t).Tangent], all, batched);
        AssertMapped(
            t => Differentiation.Grad((Tensor[] u) => Probe.Inner(Differentiation.Grad(Total, u), t), t),
            all,
            batched
        );
    }

    [Theory]
    [MemberData(nameof(Batched))]
    public void The_gradient_through_a_batch_of_scans_sums_over_what_items_share(
        bool carry,
        bool elements,
        bool capture
    )
    {
        bool[] batched = [carry, elements, capture];
        Tensor[] all =
        [
            carry ? Batch : Tensor.Scalar(0.9),
            elements ? Tensor.Reshape(Batch, [3, 1]) * Xs : Xs,
            capture ? 1.0 + Batch : Tensor.Scalar(1.4),
        ];
        Func<Tensor[], Tensor> mapped = t => Tensor.Sum(Mapped(u => [Total(u)], t, batched)[0]);
        Func<Tensor[], Tensor> looped = t => Sum(Items(t, batched).Select(Total));
        ScanTests.AssertClose(Differentiation.Grad(looped, all), Differentiation.Grad(mapped, all));
        foreach ((string name, Func<Func<Tensor[], Tensor>, Tensor[]> derivative) in ScanTests.Mixes(all, all).Take(4))
            ScanTests.AssertClose(derivative(looped), derivative(mapped), name);
    }

    [Fact]
    public void The_jacobian_of_a_scan_by_rows_is_that_by_columns()
    {
        Func<Tensor, Tensor> f = xs =>
            Loops.Scan((Tensor c, Tensor x) => (Next(c, x, 1.3), c * x), Tensor.Scalar(0.4), xs).Outputs;
        Tensor rows = Jacobians.Jacobian(f, Xs);
        Close.Elementwise(Jacobians.JacobianForward(f, Xs).ToArray(), rows.ToArray(), 1e-13);
        Assert.Equal([4, 4], rows.Shape.ToArray());
    }

    [Fact]
    public void A_scan_in_a_scan_in_a_vmap_has_its_gradient_and_hessian()
    {
        Func<Tensor, Tensor> nested = w =>
            Loops.Scan(
                (Tensor c, Tensor x) =>
                {
                    (Tensor inner, Tensor trail) = Loops.Scan(
                        (Tensor d, Tensor y) => (Next(d, y, w * x), d * c),
                        c,
                        Xs
                    );
                    return (inner + Tensor.Sum(trail), Tensor.Sum(trail) * w);
                },
                w,
                Xs
            ) switch
            {
                var (carry, outputs) => carry + Tensor.Sum(outputs),
            };
        Func<Tensor, Tensor> unrolled = w =>
        {
            Tensor total = w * 0.0;
            Tensor c = w;
            foreach (double x in Xs.ToArray())
            {
                Tensor d = c;
                Tensor trail = w * 0.0;
                foreach (double y in Xs.ToArray())
                {
                    trail += d * c;
                    d = Next(d, y, w * x);
                }
                c = d + trail;
                total += trail * w;
            }
            return c + total;
        };
        Tensor ws = Tensor.Of(0.3, -0.2);
        foreach (Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>> d in Derivatives())
        {
            Tensor expected = Vectorisation.Vmap(d(unrolled), ws);
            Close.Elementwise(expected.ToArray(), Vectorisation.Vmap(d(nested), ws).ToArray(), 1e-11);
        }
    }

    [Fact]
    public void A_function_that_is_mapped_item_by_item_has_all_derivatives_of_the_loop()
    {
        Tensor[] all = [Batch, Tensor.Reshape(Batch, [3, 1]) * Xs, Tensor.Scalar(1.4)];
        bool[] batched = [true, true, false];
        Func<Tensor[], Tensor> mapped = t => Tensor.Sum(ItemByItem(t, batched));
        Func<Tensor[], Tensor> looped = t => Sum(Items(t, batched).Select(Total));
        Assert.Equal(
            [.. Items(all, batched).Select(item => Total(item).ToDouble())],
            ItemByItem(all, batched).ToArray()
        );
        foreach ((string name, Func<Func<Tensor[], Tensor>, Tensor[]> derivative) in ScanTests.Mixes(all, all))
            ScanTests.AssertClose(derivative(looped), derivative(mapped), name);
    }

    [Fact]
    public void A_mapped_function_maps_again()
    {
        Tensor grid = Tensor.Of(
            new double[,]
            {
                { 0.1, 0.2 },
                { 0.3, 0.4 },
                { -0.5, 0.6 },
            }
        );
        Func<Tensor, Tensor> row = x => ItemByItem([x, Xs, Tensor.Scalar(1.4)], [true, false, false]);
        Tensor both = Vectorisation.Vmap(row, grid);
        Tensor gradient = Differentiation.Grad((Tensor g) => Tensor.Sum(Vectorisation.Vmap(row, g)), grid);
        Func<Tensor, Tensor> one = x => Total([x, Xs, Tensor.Scalar(1.4)]);
        double[] flat = grid.ToArray();
        Assert.Equal([3, 2], both.Shape.ToArray());
        Close.Elementwise([.. flat.Select(x => one(x).ToDouble())], both.ToArray(), 1e-15);
        Close.Elementwise([.. flat.Select(x => Differentiation.Grad(one, x).ToDouble())], gradient.ToArray(), 1e-13);
    }

    private static IEnumerable<Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>>> Derivatives()
    {
        yield return f => f;
        yield return f => x => Differentiation.Grad(f, x);
        yield return f => x => Jacobians.Hessian(f, x);
        yield return f => x => Differentiation.Grad((Tensor y) => Differentiation.Grad(f, y), x);
    }

    private static Tensor Next(Tensor c, Tensor x, Tensor w) => Tensor.Exp(-(c * c)) * w + c * x;

    private static Tensor Total(Tensor[] t)
    {
        (Tensor carry, Tensor outputs) = Loops.Scan((Tensor c, Tensor x) => (Next(c, x, t[2]), c * c * x), t[0], t[1]);
        return carry * carry + Tensor.Sum(outputs);
    }

    private static Tensor ItemByItem(Tensor[] all, bool[] batched)
    {
        Function item = Function.TraceClosed("test", Tensor.Types(Items(all, batched).First()), t => [Total(t)]);
        return Mapping.Map(item, all, batched, all[Array.IndexOf(batched, true)].Shape[0])[0];
    }

    private static void AssertMapped(Func<Tensor[], Tensor[]> f, Tensor[] all, bool[] batched)
    {
        Tensor[] mapped = Mapped(f, all, batched);
        Tensor[][] items = [.. Items(all, batched).Select(f)];
        for (int i = 0; i < mapped.Length; i++)
        {
            double[] expected = [.. items.SelectMany(item => item[i].ToArray())];
            Close.Elementwise(expected, mapped[i].ToArray(), 1e-12);
        }
    }

    /// <summary>vmap over the arguments that have a batch axis; the others are captured.</summary>
    private static Tensor[] Mapped(Func<Tensor[], Tensor[]> f, Tensor[] all, bool[] batched) =>
        Vectorisation.Vmap(
            (Tensor[] items) =>
            {
                var queue = new Queue<Tensor>(items);
                return f([.. all.Select((x, i) => batched[i] ? queue.Dequeue() : x)]);
            },
            [.. all.Where((_, i) => batched[i])]
        );

    private static IEnumerable<Tensor[]> Items(Tensor[] all, bool[] batched)
    {
        int size = all[Array.IndexOf(batched, true)].Shape[0];
        for (int item = 0; item < size; item++)
            yield return [.. all.Select((x, i) => batched[i] ? Tensor.Index(x, 0, item) : x)];
    }

    private static Tensor Sum(IEnumerable<Tensor> terms) => terms.Aggregate((a, b) => a + b);
}

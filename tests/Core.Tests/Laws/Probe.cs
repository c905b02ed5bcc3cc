using Implicit.Transforms;

namespace Implicit.Tests.Laws;

/// <summary>
/// A case at one point: the inputs that move, as x, with the others held, and random directions v of x and weights w of the result.
/// </summary>
internal sealed class Probe
{
    private readonly OpCase op;
    private readonly DType dtype;
    private readonly int[] movable;
    private readonly Tensor[] inputs;

    public Probe(OpCase op, DType dtype = DType.Float64)
    {
        this.op = op;
        this.dtype = dtype;
        movable = op.Movable;
        double[][] elements = op.Draw();
        inputs = op.Tensors(elements, dtype);
        X = [.. movable.Select(i => elements[i])];
        var random = new Random(12345);
        V = Array.ConvertAll(X, one => Array.ConvertAll(one, _ => Weight(random)));
        W = [.. Enumerable.Range(0, op.Result.Length).Select(_ => Weight(random))];
    }

    /// <summary>The elements of the moving inputs.</summary>
    public double[][] X { get; }

    /// <summary>A direction for them.</summary>
    public double[][] V { get; }

    /// <summary>Weights for the elements of the result.</summary>
    public double[] W { get; }

    public Tensor Weights => Tensor.Of(W, op.Result, dtype);

    /// <summary>The case as a function of what moves.</summary>
    public Tensor Apply(Tensor[] x)
    {
        var all = (Tensor[])inputs.Clone();
        for (int i = 0; i < movable.Length; i++)
            all[movable[i]] = x[i];
        return op.Apply(all);
    }

    /// <summary>Tensors of the moving inputs' shapes.</summary>
    public Tensor[] Like(double[][] elements) =>
        [.. movable.Select((input, i) => Tensor.Of(elements[i], op.Inputs[input].Shape, dtype))];

    /// <summary>Jᵀw at x.</summary>
    public Tensor[] Pullback(Tensor[] x, Tensor w) => Differentiation.Vjp(Apply, x).Pullback(w);

    /// <summary>J·v at x.</summary>
    public Tensor Pushforward(Tensor[] x, Tensor[] v) => Differentiation.Jvp(Apply, x, v).Tangent;

    /// <summary>Σ ⟨a, b⟩ over the tensors of two lists.</summary>
    public static Tensor Inner(Tensor[] a, Tensor[] b)
    {
        Tensor total = Tensor.Sum(a[0] * b[0]);
        for (int i = 1; i < a.Length; i++)
            total += Tensor.Sum(a[i] * b[i]);
        return total;
    }

    /// <summary>All elements of all tensors.</summary>
    public static double[] Flat(params Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];

    // Away from 0, so that no element of the derivative goes untested; exact in float32.
    private static double Weight(Random random) =>
        (float)((0.5 + random.NextDouble()) * (random.Next(2) == 0 ? -1 : 1));
}

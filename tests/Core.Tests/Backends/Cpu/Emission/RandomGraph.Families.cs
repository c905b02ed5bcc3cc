using Implicit.Linear;
using Implicit.Transforms;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>What is no elementwise work but reads and is read by it: places, linear algebra, random numbers, derivatives.</summary>
internal sealed partial class RandomGraph
{
    private const int LargestSide = 4;

    private Tensor Placed()
    {
        Tensor x = Fit(Float());
        if (x.Rank == 0)
            return Tensor.Pad(Tensor.Reshape(x, [1]), [1], [2], 0.5);
        int axis = random.Next(x.Rank);
        int extent = x.Shape[axis];
        int size = random.Next(1, Math.Min(extent, 3) + 1);
        return random.Next(7) switch
        {
            0 => Tensor.Pad(x, Along(x, axis, 1), Along(x, axis, 2), 0.5),
            1 => Tensor.Tril(AsMatrix(x), random.Next(-1, 2)),
            2 => Tensor.Triu(AsMatrix(x), random.Next(-1, 2)),
            3 => Tensor.Windows(x, axis, size),
            4 => Tensor.OverlapAdd(Tensor.Windows(Summand(x), axis, size), axis, extent),
            5 => Tensor.Argsort(x, axis, descending: random.Next(2) == 0),
            _ => Tensor.ScatterAdd(x, Places(extent), Tensor.Slice(x, axis, 0, 1), axis),
        };
    }

    private Tensor Factored()
    {
        Tensor a = DominatedByItsDiagonal();
        Tensor b = Square()[.., ..random.Next(1, a.Shape[0] + 1)];
        b = Tensor.Cast(b, a.DType);
        return random.Next(isExact ? 12 : 13) switch
        {
            0 => Tensor.Cholesky(Tensor.MatMul(a, a.T)),
            1 => Tensor.Lu(a).U,
            2 => Tensor.Qr(b).R,
            3 => Tensor.Eigh(a + a.T).Values,
            4 => Tensor.Svd(b).S,
            5 => Tensor.Solve(a, b),
            6 => Tensor.SolveTriangular(a, b, lower: random.Next(2) == 0),
            7 => Tensor.Pinv(a),
            8 => Tensor.Det(a),
            9 => Tensor.LogDet(a),
            10 => Regular.Where(b, Tensor.Abs(a[0]) + 1.0, "test"),
            11 => Tensor.MatMul(Tensor.Inverse(a), b),
            _ => Pulled(x => Tensor.Triu(Tensor.Lu(x).U), a),
        };
    }

    /// <summary>What is made of numbers alone, which plans compute when they are prepared.</summary>
    private Tensor OfNumbers()
    {
        DType dtype = Pick(DType.Float64, DType.Float32);
        Tensor a = Pick(OfFloats)(Number(dtype));
        Tensor b = Number(dtype);
        return random.Next(4) switch
        {
            0 => Pick(OfFloats)(a),
            1 => Pick(OfTwoFloats)(a, b),
            2 => Tensor.Where(Pick(Comparisons)(a, b), a, Pick(OfFloats)(b)),
            _ => Pick(OfTwoNumbers)(a, b),
        };
    }

    private Tensor Number(DType dtype) => Tensor.Scalar((4.0 * random.NextDouble()) - 2.0, dtype);

    private Tensor Drawn()
    {
        var key = RandomKey.Of(random.Next());
        DType dtype = Pick(DType.Float64, DType.Float32);
        return random.Next(3) switch
        {
            0 => Tensor.Uniform(key, full, dtype),
            1 => Tensor.Normal(key, full, dtype),
            _ => Tensor.Cast(Tensor.Randint(key, -3, 4, full), dtype),
        };
    }

    /// <summary>The gradient of Σ f(x)² and with it what only derivatives are made of.</summary>
    private Tensor Derived() =>
        Pulled(
            Pick<Func<Tensor, Tensor>>(
                x => Pick(OfFloats)(x) * x,
                x => Checkpointing.Checkpoint(y => Tensor.Sin(y) * y, x),
                x => CustomDerivatives.Apply(Tensor.Abs, (y, _, cotangent) => cotangent * Tensor.Cos(y), null, x),
                x => OfTwoWith(x),
                x => Tensor.Cumsum(Tensor.Reshape(x, [x.Length])),
                x => Tensor.Softmax(Tensor.Reshape(x, [x.Length])),
                x => Tensor.MatMul(AsMatrix(x), AsMatrix(x).T),
                x => Tensor.Max(x) * Tensor.Mean(x)
            ),
            Float()
        );

    /// <summary>Not the gradient as users take it, which computes first what it can: here that must stay part of the graph.</summary>
    private static Tensor Pulled(Func<Tensor, Tensor> f, Tensor x)
    {
        Tensor y = f(x);
        Tensor sum = Tensor.Sum(y * y);
        return Differentiation.Pull([x], [sum], [Tensor.OnesLike(sum)])[0];
    }

    /// <summary>A function of x and of what is known, whose cotangents are summed where x was broadcast.</summary>
    private Tensor OfTwoWith(Tensor x) => Pick(OfTwoFloats)(Fit(x), Fit(Tensor.Cast(Float(), x.DType)));

    /// <summary>The gradient of what selects: every element has at most one cotangent.</summary>
    private Tensor Selected()
    {
        Tensor weights = Fit(Float());
        return Differentiation.Grad(
            x => Tensor.Max(Checkpointing.Checkpoint(Tensor.Tanh, x) * Tensor.Cast(weights, x.DType)),
            inputs[random.Next(2)]
        );
    }

    /// <summary>Of a number that is to be summed: in an exact graph a small whole one.</summary>
    private Tensor Summand(Tensor x) => isExact ? Tensor.Round(Tensor.Clamp(x, -4.0, 4.0)) : x;

    private static int[] Along(Tensor x, int axis, int count) =>
        [.. Enumerable.Range(0, x.Rank).Select(i => i == axis ? count : 0)];

    /// <summary>The last axis as columns.</summary>
    private static Tensor AsMatrix(Tensor x) =>
        x.Rank == 0 ? Tensor.Reshape(x, [1, 1]) : Tensor.Reshape(x, [x.Length / x.Shape[^1], x.Shape[^1]]);

    private Tensor Places(int extent) =>
        Tensor.Cast(Truth(), DType.Int64) switch
        {
            var truths => Tensor.Reshape(truths, [truths.Length])[..1] * (extent - 1),
        };

    /// <summary>Numbers of at most 1, none of them NaN.</summary>
    private Tensor Square()
    {
        Tensor x = Fit(Float());
        int side = Math.Min(LargestSide, (int)Math.Sqrt(x.Length));
        Tensor few = Tensor.Reshape(Tensor.Reshape(x, [x.Length])[..(side * side)], [side, side]);
        return Tensor.Where(Tensor.IsNaN(few), 0.5, Tensor.Clamp(few, -1.0, 1.0));
    }

    private Tensor DominatedByItsDiagonal()
    {
        Tensor x = Square();
        return x + (2.0 * LargestSide * Tensor.Eye(x.Shape[0], dtype: x.DType));
    }
}

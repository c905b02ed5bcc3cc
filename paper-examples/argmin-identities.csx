// Functions as minimisers: what a layer computes in closed form, an optimisation layer finds, with the same derivatives.
// Chapter 5 of the Deep Implicit Layers tutorial (NeurIPS 2020), and "Differentiable Convex Optimization Layers" (Agrawal et al., NeurIPS 2019).
#load "load.csx"
using Implicit;
using static Implicit.Functions;

bool passes = true;

void AtMost(double bound, string metric, double value)
{
    Console.WriteLine($"{(value <= bound ? "PASS" : "FAIL")} {metric}={value:G3} bound={bound:G3}");
    passes &= value <= bound;
}

double Apart(Tensor a, Tensor b) => (double)MaxNorm(a - b);

// The largest difference of value and Jacobian.
double Differ(Func<Tensor, Tensor> f, Func<Tensor, Tensor> g, Tensor x) =>
    Math.Max(Apart(f(x), g(x)), Apart(Jacobian(f, x), Jacobian(g, x)));

Tensor Difference(Func<Tensor, Tensor> f, Tensor x, double h = 1e-4)
{
    Tensor unit = Reshape(Eye(x.Length), [x.Length, .. x.Shape]);
    Tensor[] columns =
    [
        .. Enumerable.Range(0, x.Length).Select(i => (f(x + h * unit[i]) - f(x - h * unit[i])) / (2 * h)),
    ];
    return Reshape(Stack(columns, -1), [.. columns[0].Shape, .. x.Shape]);
}

ConvexProgram<Tensor> Nearest(Tensor v) => ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v));

Tensor x = Tensor.Of(1.2, -0.7, 0.4, -0.1);

// relu is the nearest point of x ≥ 0, sparsemax that of the simplex.
AtMost(1e-7, "relu", Differ(v => Argmin(Nearest(v).SubjectTo(z => [z >= 0.0]), v), Relu, x));
AtMost(
    1e-7,
    "sparsemax",
    Differ(v => Argmin(Nearest(v).SubjectTo(z => [Equal(Sum(z), 1.0), z >= 0.0]), v), Projection.Simplex, x)
);

// The soft threshold is the minimiser of ½‖y − x‖² + λ‖y‖₁.
AtMost(
    1e-7,
    "soft-threshold",
    Differ(
        v =>
            Argmin(
                ConvexProgram
                    .Minimise(((Tensor Y, Tensor T) p) => 0.5 * Sumsq(p.Y - v) + 0.3 * Sum(p.T))
                    .SubjectTo(p => [p.T >= p.Y, p.T >= -p.Y]),
                (Y: v, T: v)
            ).Y,
        v => Projection.SoftThreshold(v, 0.3),
        x
    )
);

// With entropy the conditions of optimality are a system of equations: log z + 1 − x + ν = 0 and Σz = 1, found in u = log z.
Tensor Entropy(Tensor v) =>
    Exp(
        Root(
            ((Tensor U, Tensor N) p) => (p.U + 1.0 - v + p.N, Sum(Exp(p.U)) - 1.0),
            (U: ZerosLike(v), N: Scalar(0.0))
        ).U
    );

AtMost(1e-9, "softmax", Differ(Entropy, v => Softmax(v), x));

// The binary entropy gives log z − log(1 − z) = x.
AtMost(1e-9, "sigmoid", Differ(v => Root(z => Log(z) - Log(1.0 - z) - v, 0.5 * OnesLike(v)), Sigmoid, x));

// min ½‖A x − b‖₁ with x ≥ 0: a linear program, kept unique by a little curvature. Its derivative by b and by A.
Tensor a = Tensor.Of([1.0, 0.4, -0.3, 1.1, 0.8, 0.5], [3, 2]);
Tensor b = Tensor.Of(1.0, 0.7, -0.4);

Tensor Fit(Tensor a, Tensor b) =>
    Argmin(
        ConvexProgram
            .Minimise(((Tensor X, Tensor T) p) => 0.5 * Sum(p.T) + 0.5e-2 * (Sumsq(p.X) + Sumsq(p.T)))
            .SubjectTo(p => [p.X >= 0.0, p.T >= MatMul(a, p.X) - b, p.T >= b - MatMul(a, p.X)]),
        (X: Zeros([2]), T: Zeros([3]))
    ).X;

AtMost(1e-6, "least-absolute-by-b", Apart(Jacobian(b => Fit(a, b), b), Difference(b => Fit(a, b), b)));
AtMost(1e-6, "least-absolute-by-A", Apart(Jacobian(a => Fit(a, b), a), Difference(a => Fit(a, b), a)));

// A quadratic program by each of its data.
Tensor root = Normal(RandomKey.Of(0), [5, 5]);
Tensor[] data =
[
    MatMul(root.T, root) + 0.1 * Eye(5),
    Normal(RandomKey.Of(1), [5]),
    Normal(RandomKey.Of(2), [4, 5]),
    Ones([4]),
    Normal(RandomKey.Of(3), [2, 5]),
    0.1 * Ones([2]),
];

Tensor Qp(Tensor[] d) =>
    Argmin(
        ConvexProgram
            .Minimise((Tensor x) => 0.5 * Sum(x * MatMul(d[0], x)) + Sum(d[1] * x))
            .SubjectTo(x => [MatMul(d[2], x) <= d[3], Equal(MatMul(d[4], x), d[5])]),
        Zeros([5])
    );

string[] names = ["Q", "p", "G", "h", "A", "b"];
for (int i = 0; i < data.Length; i++)
{
    Tensor By(Tensor datum) => Qp([.. data[..i], datum, .. data[(i + 1)..]]);
    AtMost(1e-6, $"qp-by-{names[i]}", Apart(Jacobian(By, data[i]), Difference(By, data[i])));
}

return passes ? 0 : 1;

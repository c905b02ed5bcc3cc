// odeint, fixedPoint and argmin in each other, in C#: gradient and Hessian of every nesting beside difference quotients.
#load "load.csx"
using Implicit;
using static Implicit.Functions;

var ode = new OdeOptions { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-10 };
var tight = new EquationOptions { RelativeTolerance = 1e-13, AbsoluteTolerance = 1e-13 };
Tensor ts = Tensor.Of(0.0, 1.0);
Tensor w = Tensor.Of([0.5, -0.4, 0.3, 0.2, 0.6, -0.5, -0.3, 0.1, 0.4], [3, 3]);

Tensor Flow(Func<Tensor, Tensor> field, Tensor y0) => Odeint((t, y) => field(y), ts, y0, ode)[1];

Tensor Equilibrium(Func<Tensor, Tensor> f) => FixedPoint(f, Zeros([3]), tight);

Tensor Project(Tensor v) =>
    Argmin(ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(x => [Equal(Sum(x), 1.0), x >= -0.2]), v);

Tensor Layer(Tensor u) => Equilibrium(z => 0.5 * Tanh(MatMul(w, z) + u));

var nestings = new Dictionary<string, Func<Tensor, Tensor>>
{
    ["argmin of odeint"] = p => Project(Flow(y => Sin(MatMul(w, y)), p)),
    ["argmin of fixedPoint"] = p => Project(Layer(p)),
    ["odeint of argmin"] = p => Flow(y => Project(y * p) - y, p),
    ["odeint of fixedPoint"] = p => Flow(y => Layer(y + p), p),
    ["fixedPoint of odeint"] = p => Equilibrium(z => 0.3 * Flow(y => Tanh(MatMul(w, y)) + p, z)),
    ["fixedPoint of argmin"] = p => Equilibrium(z => 0.5 * Project(Tanh(MatMul(w, z)) + p)),
    ["odeint of fixedPoint of argmin"] = p =>
        Flow(y => Equilibrium(z => 0.5 * Project(Tanh(MatMul(w, z) + y) * p)) - y, p),
};

// The central difference of fourth order in each direction.
Tensor Difference(Func<Tensor, Tensor> f, Tensor x)
{
    const double h = 1e-3;
    return Stack([.. Enumerable.Range(0, 3).Select(Along)], -1);

    Tensor Along(int i)
    {
        Tensor At(double k) => f(x + k * h * Eye(3)[i]);
        return (8.0 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12.0 * h);
    }
}

double Apart(Tensor a, Tensor b) => (double)MaxNorm(a - b) / Math.Max(1.0, (double)MaxNorm(b));

Tensor p = Tensor.Of(0.6, -0.3, 0.45);
double first = 0.0,
    second = 0.0;
foreach (var (name, nesting) in nestings)
{
    Tensor Loss(Tensor p) => Sum(Tensor.Of(1.0, -0.5, 2.0) * Pow(nesting(p), 2.0));
    Tensor g = Grad(Loss, p),
        h = Hessian(Loss, p);
    double one = Apart(g, Difference(Loss, p)),
        two = Apart(h, Difference(x => Grad(Loss, x), p));
    Console.WriteLine($"{name}\n  gradient {g}, off by {one:G1}\n  Hessian {h}, off by {two:G1}");
    (first, second) = (Math.Max(first, one), Math.Max(second, two));
}

bool passes = first <= 1e-7 && second <= 1e-5;
string verdict = passes ? "PASS" : "FAIL";
Console.WriteLine($"{verdict} gradient-error={first:G3} bound=1e-7 hessian-error={second:G3} bound=1e-5");
return passes ? 0 : 1;

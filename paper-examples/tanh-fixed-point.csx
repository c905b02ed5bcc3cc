// The first layer of the tutorial "Deep Implicit Layers" (Kolter, Duvenaud and Johnson, NeurIPS 2020), in C#: z = tanh(z W + x), found by three
// methods that say when they fail, and differentiated by the implicit function theorem.
#load "load.csx"
using Implicit;
using static Implicit.Functions;
// FixedPoint(f, z) is the function; with this line FixedPoint.Solve(f, z), which gives the full account, has a short name too.
using FixedPoint = Implicit.FixedPoint;

bool quick = Args.Contains("--quick");
int failures = 0;

void AtMost(double bound, string metric, double value)
{
    bool holds = value <= bound;
    failures += holds ? 0 : 1;
    Console.WriteLine($"{(holds ? "PASS" : "FAIL")} {metric}={value:G4} bound={bound}");
}

// The parameters are a record, and so is their gradient.
record Layer(Tensor W, Tensor X);

Tensor Cell(Layer p, Tensor z) => Tanh(MatMul(z, p.W) + p.X);

Tensor Settle(Layer p, EquationOptions options) => FixedPoint(z => Cell(p, z), Zeros([10]), options);

Layer Draw(int seed)
{
    var (first, second) = RandomKey.Of(seed);
    return new Layer(Normal(first, [10, 10]) / Math.Sqrt(10), Normal(second, [10]));
}

// 1. Random layers, many of which do not contract: what fails is reported, and the short form raises.
int seeds = quick ? 10 : 50;
var medians = new Dictionary<string, int>();
int silent = 0;

bool IsSilent(Layer p, EquationOptions options)
{
    try
    {
        Settle(p, options).ToArray();
        return true;
    }
    catch (SolveException)
    {
        return false;
    }
}

foreach (EquationMethod method in new EquationMethod[] { new Picard(), new Newton(), new Anderson() })
{
    var options = new EquationOptions { Method = method, MaxSteps = 200 };
    var steps = new List<int>();
    for (int seed = 1; seed <= seeds; seed++)
    {
        Layer p = Draw(seed);
        Solution<Tensor> run = FixedPoint.Solve(z => Cell(p, z), Zeros([10]), options);
        if (run.IsSuccess)
            steps.Add(run.Steps);
        else
            silent += IsSilent(p, options) ? 1 : 0;
    }
    string name = method.GetType().Name;
    medians[name] = steps.Order().ElementAt(steps.Count / 2);
    Console.WriteLine($"{name, -8} solves {steps.Count} of {seeds}, in {medians[name]} steps (median)");
}

// 2. The gradient: implicitly, through 500 steps, and by the matrix (I - ∂f/∂z)ᵀ; and forward mode.
var exact = new EquationOptions { RelativeTolerance = 1e-13, AbsoluteTolerance = 0 };
Layer layer = Draw(1) with { W = 0.7 * Draw(1).W };
Layer direction = Draw(101);
Tensor cotangent = Normal(RandomKey.Of(100), [10]);

Tensor Unrolled(Layer p)
{
    Tensor z = Zeros([10]);
    for (int i = 0; i < 500; i++)
        z = Cell(p, z);
    return z;
}

double Distance(Layer a, Layer b) => Math.Max((double)MaxNorm(a.W - b.W), (double)MaxNorm(a.X - b.X));

Layer implicitly = Vjp(p => Settle(p, exact), layer).Pullback(cotangent);
Layer unrolled = Vjp(Unrolled, layer).Pullback(cotangent);
Tensor fixedPoint = Settle(layer, exact);
Tensor jacobian = Jacobian(z => Cell(layer, z), fixedPoint);
Layer dense = Vjp(p => Cell(p, fixedPoint), layer).Pullback(Solve((Eye(10) - jacobian).T, cotangent));
Tensor forward = Jvp(p => Settle(p, exact), layer, direction).Tangent - Jvp(Unrolled, layer, direction).Tangent;

// The circle a² + z² = 1: dz/da = -a/z.
Tensor Height(Tensor a) => Root(z => a * a + z * z - 1.0, Scalar(1.0));

double slope = (double)Grad(Height, Scalar(0.6));

AtMost(0, "failures-passed-off-as-solutions", silent);
AtMost(8, "newton-steps", medians["Newton"]);
AtMost(40, "anderson-steps", medians["Anderson"]);
AtMost(1e-8, "implicit-minus-unrolled-vjp", Distance(implicitly, unrolled));
AtMost(1e-8, "implicit-minus-dense-vjp", Distance(implicitly, dense));
AtMost(1e-8, "implicit-minus-unrolled-jvp", (double)MaxNorm(forward));
AtMost(1e-8, "circle-dz/da+a/z", Math.Abs(slope + 0.75));
return failures == 0 ? 0 : 1;

// Predict, then optimise? A forecast of returns is not an end: a portfolio follows from it. Two linear models of returns that are not linear: one
// fitted to the returns (least squares), one trained through the portfolio's quadratic program for what its decisions lose.
// After "Smart Predict, then Optimize" (Elmachtoub and Grigas 2022, section 6.2) and "Task-based End-to-end Model Learning"
// (Donti, Amos and Kolter, NeurIPS 2017).
#load "load.csx"
using Implicit;
using static Implicit.Functions;

bool quick = Args.Contains("--quick");
const int assets = 8,
    features = 5,
    degree = 6;
int train = 200,
    test = 400,
    iterations = quick ? 60 : 300;

// What an asset returns is a power of a linear score of the day's features: no linear model can follow it.
Tensor loadings = Cast(Bernoulli(RandomKey.Of(0), 0.5, [features, assets]), DType.Float64);

Tensor Returns(Tensor x) =>
    Pow(0.05 / Math.Sqrt(features) * MatMul(x, loadings) + Math.Pow(0.1, 1.0 / degree), (double)degree);

Tensor days = Normal(RandomKey.Of(1), [train, features]);
Tensor later = Normal(RandomKey.Of(2), [test, features]);

// Returns move together through two factors.
Tensor factors = 0.25 * Normal(RandomKey.Of(3), [assets, 2]);
Tensor covariance = MatMul(factors, factors.T) + 0.01 * Eye(assets);

Tensor Utility(Tensor w, Tensor mu) => Sum(mu * w) - 0.5 * Sum(w * MatMul(covariance, w));

// The decision: the weights of best utility, none negative, that sum to 1.
Tensor Portfolio(Tensor mu) =>
    Argmin(ConvexProgram.Minimise((Tensor w) => -Utility(w, mu)).SubjectTo(w => [Equal(Sum(w), 1.0), w >= 0.0]), mu);

record Model(Tensor Weight, Tensor Bias);

Tensor Forecast(Model m, Tensor x) => MatMul(x, m.Weight) + m.Bias;

// What the decisions lose beside those that know the returns.
Tensor Regret(Model m, Tensor x)
{
    Tensor mu = Returns(x);
    Tensor lost = Vmap(
        day => Utility(Portfolio(day.Mu), day.Mu) - Utility(Portfolio(day.Guess), day.Mu),
        (Mu: mu, Guess: Forecast(m, x))
    );
    return Mean(lost);
}

Tensor Squares(Model m, Tensor x) => Mean(Pow(Forecast(m, x) - Returns(x), 2.0));

// Two stages: least squares.
Tensor design = Concat([days, Ones([train, 1])], 1);
Tensor solution = Lstsq(design, Returns(days));
var fitted = new Model(solution[..features], solution[features]);

// One stage: gradient steps (Adam) on the regret, from the fit. Decisions are piecewise smooth in the forecast, as the projections are that they
// come from, so the gradient tells which way to move.
var trained = fitted;
var best = (Regret: double.PositiveInfinity, Model: fitted);
var (mean, square) = (
    new Model(Zeros([features, assets]), Zeros([assets])),
    new Model(Zeros([features, assets]), Zeros([assets]))
);

Model Zip(Model a, Model b, Func<Tensor, Tensor, Tensor> f) => new(f(a.Weight, b.Weight), f(a.Bias, b.Bias));

for (int i = 1; i <= iterations; i++)
{
    var (regret, g) = ValueAndGrad(m => Regret(m, days), trained);
    if ((double)regret < best.Regret)
        best = ((double)regret, trained);
    mean = Zip(mean, g, (m, g) => 0.9 * m + 0.1 * g);
    square = Zip(square, g, (v, g) => 0.99 * v + 0.01 * g * g);
    var (first, second) = (1.0 - Math.Pow(0.9, i), 1.0 - Math.Pow(0.99, i));
    Model step = Zip(mean, square, (m, v) => 3e-3 * (m / first) / (Sqrt(v / second) + 1e-8));
    trained = Zip(trained, step, (p, s) => p - s);
    if (i % 20 == 0)
        Console.WriteLine($"{i, 4} of {iterations}  regret {(double)regret:E2}");
}

double two = (double)Regret(fitted, later),
    one = (double)Regret(best.Model, later),
    naive = (double)Regret(new Model(ZerosLike(fitted.Weight), fitted.Bias), later);
Console.WriteLine($"on {test} new days          regret   squared error of the forecast");
Console.WriteLine(
    $"always the mean       {naive, 12:E2}   {(double)Squares(new Model(ZerosLike(fitted.Weight), fitted.Bias), later):E2}"
);
Console.WriteLine($"least squares         {two, 12:E2}   {(double)Squares(fitted, later):E2}");
Console.WriteLine($"through the program   {one, 12:E2}   {(double)Squares(best.Model, later):E2}");

const double bound = 0.8;
bool passes = one <= bound * two;
Console.WriteLine($"{(passes ? "PASS" : "FAIL")} regret-over-two-stage={one / two:G3} bound={bound}");
return passes ? 0 : 1;

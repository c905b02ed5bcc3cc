// The cubic spiral of "Neural Ordinary Differential Equations" (Chen, Rubanova, Bettencourt and Duvenaud, NeurIPS 2018), in C#.
// A network learns the field of y' = y³ A from short windows of one trajectory, then replays all of it from its start.
#load "load.csx"
using Implicit;
using static Implicit.Functions;

bool quick = Args.Contains("--quick");
int iterations = quick ? 150 : 2000;
const DType single = DType.Float32;

// The trajectory to learn: 1000 points on [0, 25].
Tensor ts = Linspace(0, 25, 1000, single);
Tensor y0 = Tensor.Of([2f, 0f]);
Tensor a = Tensor.Of([-0.1, 2, -2, -0.1], [2, 2], single);
var exact = new OdeOptions { RelativeTolerance = 1e-6, AbsoluteTolerance = 1e-6 };
Tensor truth = Odeint((t, y) => MatMul(Pow(y, 3.0), a), ts, y0, exact);

// The model: y' = mlp(y³), its weights from N(0, 0.1). The parameters are a record, and so is their gradient.
record Net(Tensor W1, Tensor B1, Tensor W2, Tensor B2);

var (first, second) = RandomKey.Of(0);
var net = new Net(
    0.1 * Normal(first, [2, 50], single),
    Zeros([50], single),
    0.1 * Normal(second, [50, 2], single),
    Zeros([2], single)
);

var options = new OdeOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-6 };

Tensor Field(Net p, Tensor y) => MatMul(Tanh(MatMul(Pow(y, 3.0), p.W1) + p.B1), p.W2) + p.B2;

Tensor Replay(Net p, Tensor start, Tensor times) => Odeint((t, y) => Field(p, y), times, start, options);

Tensor Mae(Tensor x, Tensor y) => Mean(Abs(x - y));

// A batch: 20 windows of 10 points from random starts, of shape [10, 20, 2].
Tensor Batch(RandomKey key) => Gather(truth, Unsqueeze(Arange(10), 1) + Randint(key, 0, 991, [20]));

// RMSprop: the gradient over a running root mean square.
const double rate = 1e-3,
    decay = 0.99;

Tensor Average(Tensor v, Tensor g) => decay * v + (1 - decay) * g * g;

Net Zip(Net x, Net y, Func<Tensor, Tensor, Tensor> f) =>
    new(f(x.W1, y.W1), f(x.B1, y.B1), f(x.W2, y.W2), f(x.B2, y.B2));

var squares = Zip(net, net, (p, _) => ZerosLike(p));
var errors = new List<double>();
for (int i = 0; i < iterations; i++)
{
    Tensor windows = Batch(RandomKey.Of(1).Fold(i));
    var (loss, g) = ValueAndGrad(p => Mae(Replay(p, windows[0], ts[..10]), windows), net);
    squares = Zip(squares, g, Average);
    net = Zip(net, Zip(g, squares, (slope, v) => slope / (Sqrt(v) + 1e-8)), (p, direction) => p - rate * direction);

    // Training oscillates, so the best network over the whole trajectory counts.
    if (i % 5 < 4)
        continue;
    errors.Add((double)Mae(truth, Replay(net, y0, ts)));
    if (i % 100 == 99)
        Console.WriteLine($"{i + 1, 4} of {iterations}  loss {(double)loss:F4}  trajectory error {errors[^1]:F3}");
}

double best = errors.Min(),
    end = errors.TakeLast(10).Order().ElementAt(5); // the median of the last ten
double bound = quick ? 2.0 : 0.1;
bool passes = best <= bound && (quick || end <= 0.5);
Console.WriteLine($"{(passes ? "PASS" : "FAIL")} mae={best:G4} bound={bound} at-the-end={end:G4}");
return passes ? 0 : 1;

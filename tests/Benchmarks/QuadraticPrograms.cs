using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>e. Batches of strictly convex quadratic programs, float64; errors against the equations of the active set, solved by LU.</summary>
internal static class QuadraticPrograms
{
    public static readonly (int N, int M, int P, int Items)[] Sizes =
    [
        (10, 20, 0, 128),
        (100, 100, 0, 128),
        (50, 50, 10, 64),
    ];

    public static IEnumerable<Case> All =>
        from size in Sizes
        let batch = new Lazy<Batch>(() => new Batch(size.N, size.M, size.P, size.Items))
        from one in Cases(batch, $"{size}")
        select one;

    /// <summary>What a program is solved by: where pivoting ends, the iterations of the interior point are 0.</summary>
    private const string Method = "block pivoting, else interior point";

    private static IEnumerable<Case> Cases(Lazy<Batch> batch, string size)
    {
        yield return new Case("e.qp forward", size, Method, () => batch.Value.Forward(), _ => batch.Value.Facts());
        Func<Tensor[]> backward = () => [];
        yield return new Case(
            "e.qp backward",
            size,
            Method,
            () => backward(),
            _ => batch.Value.GradientFacts(batch.Value.Pullback()())
        )
        {
            SetUp = () => backward = batch.Value.Pullback(),
        };
        yield return new Case(
            "e.qp forward+backward",
            size,
            Method,
            () => batch.Value.Gradient(),
            _ => batch.Value.GradientFacts(batch.Value.Gradient())
        );
    }

    public sealed class Batch
    {
        private readonly QuadraticProgram program;
        private readonly int items;

        public Batch(int n, int m, int p, int items)
        {
            this.items = items;
            Tensor factor = Uniform.Of([items, n, n], 1, -1.0, 1.0);
            Tensor start = Uniform.Of([items, n], 4, -1.0, 1.0);
            Tensor g = Uniform.Of([items, m, n], 3, -1.0, 1.0);
            program = new QuadraticProgram(Uniform.Of([items, n], 2, -1.0, 1.0))
            {
                P = (Tensor.MatMul(factor, factor.T) / n) + (0.1 * Tensor.Eye(n)),
                G = g,
                H = Times(g, start) + Uniform.Of([items, m], 5, 0.0, 1.0),
            };
            if (p > 0)
            {
                Tensor a = Uniform.Of([items, p, n], 6, -1.0, 1.0);
                program = program with { A = a, B = Times(a, start) };
            }
            Weights = Uniform.Of([items, n], 7, -1.0, 1.0);
            Data = [program.P!, program.Q, program.G!, program.H!, .. p > 0 ? [program.A!, program.B!] : (Tensor[])[]];
            foreach (Tensor datum in Data)
                datum.ToArray();
        }

        /// <summary>P, q, G, h, and where there are equations A and b; OptNet calls the first two Q and p.</summary>
        public Tensor[] Data { get; }

        /// <summary>The cotangent of the solution.</summary>
        public Tensor Weights { get; }

        public Tensor Forward() => Argmin.Qp(program);

        public Tensor[] Gradient()
        {
            (Tensor value, Tensor[] gradient) = Differentiation.ValueAndGrad<Tensor[], Tensor>(Loss, Data);
            value.ToDouble();
            return gradient;
        }

        /// <summary>Solves now; what is returned computes the gradient, which shares the solve's factor.</summary>
        public Func<Tensor[]> Pullback()
        {
            (Tensor value, Func<Tensor, Tensor[]> pullback) = Differentiation.Vjp<Tensor[], Tensor>(Loss, Data);
            value.ToDouble();
            return () =>
            {
                Tensor[] gradient = pullback(Tensor.OnesLike(value));
                Reading.Force(gradient);
                return gradient;
            };
        }

        public IEnumerable<(string, double)> Facts()
        {
            QpSolution solution = Argmin.SolveQp(program);
            yield return ("iterations", solution.Iterations.Average());
            yield return ("max_violation", Violation(solution));
            yield return ("max_abs_error", Enumerable.Range(0, items).Max(item => Errors(solution, item).X));
        }

        public IEnumerable<(string, double)> GradientFacts(Tensor[] gradient)
        {
            QpSolution solution = Argmin.SolveQp(program);
            yield return ("max_abs_error_dp", Enumerable.Range(0, items).Max(i => Errors(solution, i, gradient).Dp));
            yield return ("max_abs_error_dh", Enumerable.Range(0, items).Max(i => Errors(solution, i, gradient).Dh));
        }

        /// <summary>By how much a constraint is missed at most, or a multiplier has the wrong sign: the rows that count as active are the right ones.</summary>
        private double Violation(QpSolution solution)
        {
            Tensor missed = Tensor.Max(Times(program.G!, solution.X) - program.H!);
            Tensor worst = Tensor.Maximum(Tensor.Maximum(missed, Tensor.Max(-solution.Z)), 0.0);
            return program.A is { } a
                ? Tensor.Maximum(worst, Tensor.Max(Tensor.Abs(Times(a, solution.X) - program.B!))).ToDouble()
                : worst.ToDouble();
        }

        /// <summary>Distances of an item from the solution of K·(x, y, z) = (−q, b, h) over its active rows, and of its gradients from that of K.</summary>
        private (double X, double Dp, double Dh) Errors(QpSolution solution, int item, Tensor[]? gradient = null)
        {
            int n = program.Q.Shape[1];
            double[] z = solution.Z[item].ToArray();
            int[] active = [.. Enumerable.Range(0, z.Length).Where(i => z[i] > 0.0)];
            Tensor rows = Tensor.Stack([.. active.Select(i => program.G![item][i])]);
            Tensor right = Tensor.Stack([.. active.Select(i => program.H![item][i])]);
            if (program.A is { } a)
                (rows, right) = (Tensor.Concat([rows, a[item]]), Tensor.Concat([right, program.B![item]]));
            int count = rows.Shape[0];
            Tensor kkt = Tensor.Concat([
                Tensor.Concat([program.P![item], rows.T], 1),
                Tensor.Concat([rows, Tensor.Zeros([count, count])], 1),
            ]);
            double[] exact = Tensor.Solve(kkt, Tensor.Concat([-program.Q[item], right])).ToArray();
            double error = Distance(exact[..n], solution.X[item].ToArray());
            if (gradient is null)
                return (error, 0.0, 0.0);
            double[] adjoint = Tensor.Solve(kkt, Tensor.Concat([Weights[item], Tensor.Zeros([count])])).ToArray();
            double[] dh = gradient[3][item].ToArray();
            return (
                error,
                Distance(adjoint[..n], (-gradient[1][item]).ToArray()),
                Distance(adjoint[n..(n + active.Length)], [.. active.Select(i => dh[i])])
            );
        }

        private Tensor Loss(Tensor[] x) => Tensor.Sum(Weights * Argmin.Qp(With(x)));

        private QuadraticProgram With(Tensor[] x) =>
            program with
            {
                P = x[0],
                Q = x[1],
                G = x[2],
                H = x[3],
                A = x.Length > 4 ? x[4] : null,
                B = x.Length > 4 ? x[5] : null,
            };

        private static Tensor Times(Tensor matrix, Tensor x) =>
            Tensor.Squeeze(Tensor.MatMul(matrix, Tensor.Unsqueeze(x, 2)), 2);

        private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
    }
}

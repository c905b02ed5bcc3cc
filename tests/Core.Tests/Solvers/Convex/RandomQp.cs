using FsCheck;
using FsCheck.Fluent;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>How a random program was made, and so what it must turn out to be.</summary>
public enum Nature
{
    /// <summary>A point inside, curved in every direction.</summary>
    Curved,

    /// <summary>A point inside a box; P of any rank, also none.</summary>
    Flat,

    /// <summary>Rows of A and G repeated and added up.</summary>
    Redundant,

    /// <summary>Rows and variables scaled by 10^±6.</summary>
    Scaled,

    /// <summary>Constraints that are active with multipliers of zero, or almost.</summary>
    Degenerate,

    /// <summary>No x meets the constraints.</summary>
    Infeasible,

    /// <summary>A direction along which the objective falls for ever.</summary>
    Unbounded,
}

/// <summary>A random quadratic program.</summary>
public sealed record RandomQp(int Seed, Nature Nature, int N, int P, int M)
{
    private Random random = new(Seed);

    public QuadraticProgram Make()
    {
        random = new Random(Seed);
        return Nature switch
        {
            Nature.Curved => Base(N, boxed: false),
            Nature.Flat => Base(random.Next(N + 1), boxed: true),
            Nature.Redundant => Repeated(Base(N, boxed: true)),
            Nature.Scaled => Scaled(Base(N, boxed: false)),
            Nature.Degenerate => Touching(Base(N, boxed: false)),
            Nature.Infeasible => Contradicting(Base(random.Next(N + 1), boxed: false)),
            _ => Falling(),
        };
    }

    /// <summary>Feasible by construction: b = A·x₀ and h = G·x₀ + something positive.</summary>
    private QuadraticProgram Base(int rank, bool boxed)
    {
        Tensor x0 = Numbers([N]);
        Tensor factor = Numbers([N, rank]);
        Tensor a = Numbers([Math.Min(P, N), N]);
        Tensor g = Numbers([M, N]);
        Tensor curvature = Tensor.MatMul(factor, factor.T);
        return new QuadraticProgram(Numbers([N]))
        {
            P = boxed && rank == 0 ? null : curvature + (boxed ? 0.0 : 0.1 * Tensor.Eye(N)),
            A = P == 0 ? null : a,
            B = P == 0 ? null : Tensor.MatMul(a, x0),
            G = M == 0 ? null : g,
            H = M == 0 ? null : Tensor.MatMul(g, x0) + Tensor.Abs(Numbers([M])) + 0.01,
            Lower = boxed ? x0 - 1.5 : null,
            Upper = boxed ? x0 + 1.5 : null,
        };
    }

    private QuadraticProgram Repeated(QuadraticProgram qp) =>
        qp with
        {
            A = qp.A is null ? null : Tensor.Concat([qp.A, 2.0 * qp.A, Tensor.Sum(qp.A, true, 0)]),
            B = qp.B is null ? null : Tensor.Concat([qp.B, 2.0 * qp.B, Tensor.Sum(qp.B, true, 0)]),
            G = qp.G is null ? null : Tensor.Concat([qp.G, qp.G]),
            H = qp.H is null ? null : Tensor.Concat([qp.H, qp.H]),
        };

    private QuadraticProgram Scaled(QuadraticProgram qp)
    {
        Tensor d = Powers(N);
        Tensor e = Powers(qp.B?.Length ?? 0);
        Tensor f = Powers(M);
        return qp with
        {
            Q = qp.Q * d,
            P = qp.P! * d * Tensor.Unsqueeze(d, 1),
            A = qp.A is null ? null : qp.A * d * Tensor.Unsqueeze(e, 1),
            B = qp.B is null ? null : qp.B * e,
            G = qp.G is null ? null : qp.G * d * Tensor.Unsqueeze(f, 1),
            H = qp.H is null ? null : qp.H * f,
        };
    }

    /// <summary>Adds constraints that pass through the solution, or as good as.</summary>
    private QuadraticProgram Touching(QuadraticProgram qp)
    {
        Tensor g = Numbers([2, N]);
        Tensor h = Tensor.MatMul(g, Argmin.Qp(qp)) + Tensor.Of(0.0, 1e-9);
        return qp with
        {
            G = qp.G is null ? g : Tensor.Concat([qp.G, g]),
            H = qp.H is null ? h : Tensor.Concat([qp.H, h]),
        };
    }

    private QuadraticProgram Contradicting(QuadraticProgram qp)
    {
        Tensor row = Numbers([1, N]);
        Tensor pair = Tensor.Concat([row, -row]);
        Tensor right = Tensor.Of(-1.0, 0.5);
        return qp with
        {
            G = qp.G is null ? pair : Tensor.Concat([qp.G, pair]),
            H = qp.H is null ? right : Tensor.Concat([qp.H, right]),
        };
    }

    /// <summary>q falls along a direction d with P·d = 0, A·d = 0, G·d ≤ 0.</summary>
    private QuadraticProgram Falling()
    {
        QuadraticProgram qp = Base(N, boxed: false);
        Tensor d = Numbers([N]);
        Tensor project = Tensor.Eye(N) - (Tensor.Outer(d, d) / Tensor.Sumsq(d));
        return qp with
        {
            P = Tensor.MatMul(Tensor.MatMul(project, qp.P!), project),
            Q = Tensor.MatMul(project, qp.Q) - d,
            A = qp.A is null ? null : Tensor.MatMul(qp.A, project),
            B = qp.B is null ? null : Tensor.Zeros(qp.B.Shape),
            G = qp.G is null ? null : Tensor.MatMul(qp.G, project) - (Tensor.Abs(Numbers([M, 1])) * d),
            H = qp.H is null ? null : Tensor.Abs(qp.H),
        };
    }

    private Tensor Numbers(Shape shape) =>
        Tensor.Of([.. Enumerable.Range(0, shape.Length).Select(_ => (2.0 * random.NextDouble()) - 1.0)], shape);

    private Tensor Powers(int count) =>
        Tensor.Of([.. Enumerable.Range(0, count).Select(_ => Math.Pow(10.0, random.Next(-6, 7)))]);
}

/// <summary>Draws programs of all natures and small extents, none included.</summary>
public static class RandomQps
{
    public static Arbitrary<RandomQp> Any() =>
        (
            from seed in Gen.Choose(0, int.MaxValue)
            from nature in Gen.Elements(Enum.GetValues<Nature>())
            from n in Gen.Choose(nature >= Nature.Degenerate ? 1 : 0, 8)
            from p in Gen.Choose(0, 3)
            from m in Gen.Choose(0, 10)
            select new RandomQp(seed, nature, n, Math.Min(p, Math.Max(0, n - 1)), m)
        ).ToArbitrary();
}

/// <summary>Draws programs that mostly have derivatives.</summary>
public static class SmoothQps
{
    public static Arbitrary<RandomQp> Any() =>
        RandomQps
            .Any()
            .Generator.Where(random => random is { Nature: Nature.Curved or Nature.Flat, N: > 0 })
            .ToArbitrary();
}

using System.Numerics;
using System.Runtime.InteropServices;
using Implicit.Backends.Cpu;
using Implicit.Control;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>
/// Richardson's iteration x ← x + ω(b − A·x) for the systems of a batch side by side, with which GMRES may begin: Y. Saad, Iterative Methods for
/// Sparse Linear Systems (2003), example 4.1. Where I − ωA is a contraction, a step is one product and little else. A system of which a step
/// leaves too much goes on by GMRES; what becomes of it depends on no other.
/// </summary>
internal sealed unsafe class Richardson<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    /// <summary>
    /// What a step may leave of the residual. GMRES takes about as many steps where A is far from symmetric and down to half as many where it is not,
    /// each of which costs up to three times as much.
    /// </summary>
    private const double Most = 0.6;

    private readonly KrylovPlans plans;
    private readonly KrylovSolve<T>[] solves;
    private readonly double factor;

    /// <summary>The vectors x, row by row, and what A captured.</summary>
    private readonly ItemBuffers arguments;
    private readonly List<RichardsonItem> running;
    private LoopFunction.Calls calls;

    /// <summary>A·x, row by row.</summary>
    private Buffer[] images;
    private int steps;

    private Richardson(
        KrylovPlans plans,
        KrylovSolve<T>[] solves,
        double factor,
        ItemBuffers arguments,
        List<RichardsonItem> running,
        int steps
    )
    {
        (this.plans, this.solves, this.factor) = (plans, solves, factor);
        (this.arguments, this.running, this.steps) = (arguments, running, steps);
        (LoopFunction plan, _) = plans.Of(Factor.Operator, arguments.Size);
        calls = plan.Begin(arguments.All);
        images = Hosting.Allocate(plan.ResultTypes)!;
    }

    /// <summary>
    /// Begins solves: those that succeed have their reports then, others go on from what was found. Systems of so few unknowns that GMRES ends
    /// sooner, for it takes no more steps than there are, are left alone.
    /// </summary>
    /// <param name="op">The solve.</param>
    /// <param name="factor">ω.</param>
    /// <param name="plans">Its factors.</param>
    /// <param name="solves">What has taken in the right-hand sides, and starts if there are any.</param>
    /// <param name="captures">What the factors captured.</param>
    /// <param name="inRows">Which of it has a row for each item.</param>
    public static void Begin(
        LinearSolveOp op,
        double factor,
        KrylovPlans plans,
        KrylovSolve<T>[] solves,
        ReadOnlySpan<Buffer> captures,
        ReadOnlySpan<bool> inRows
    )
    {
        if (solves.Length == 0 || !(Math.Pow(Most, op.Operator.Unknowns) <= solves[0].RelativeTolerance))
            return;
        Buffer vectors = Hosting.Allocate(plans.Of(Factor.Operator, solves.Length).Vectors)!;
        var rows = new Rows(vectors, solves.Length);
        var running = new List<RichardsonItem>(solves.Length);
        for (int item = 0; item < solves.Length; item++)
        {
            KrylovSolve<T> solve = solves[item];
            Span<T> x = rows[item];
            double size = op.HasStart ? double.PositiveInfinity : solve.RightSize;
            if (op.HasStart)
                solve.Solution.CopyTo(x);
            else
                Vectors.Scale(x, factor, solve.Right);
            if (size > solve.Tolerance)
                running.Add(new(item, size));
            else
                x.Clear();
        }
        // The first product of a solve from elsewhere than zero only tells where it starts.
        using var all = new Richardson<T>(
            plans,
            solves,
            factor,
            new ItemBuffers([vectors, .. captures], [true, .. inRows], solves.Length, owned: 1),
            running,
            steps: op.HasStart ? -1 : 0
        );
        all.Run();
    }

    public void Dispose()
    {
        calls.Dispose();
        arguments.All[0].Release();
        Buffer.Release(images);
    }

    private void Run()
    {
        while (running.Count > 0)
        {
            try
            {
                calls.Run(arguments.All, images);
            }
            catch (Exception error) when (ItemFailures.IsNumerical(error))
            {
                RunAlone();
                return;
            }
            steps++;
            Advance(CollectionsMarshal.AsSpan(running));
            running.RemoveAll(item => item.HasEnded);
            if (running.Count > 0)
                Shrink();
        }
    }

    /// <summary>Takes the next step of every item but those that are solved or go on by GMRES.</summary>
    private void Advance(Span<RichardsonItem> items)
    {
        var points = new Rows(arguments.All[0], arguments.Size);
        var products = new Rows(images[0], arguments.Size);
        foreach (ref RichardsonItem item in items)
        {
            KrylovSolve<T> solve = solves[item.Number];
            Span<T> x = points[item.Row];
            Span<T> image = products[item.Row];
            double norm = Distance(solve.Right, image);
            if (norm > solve.Tolerance && norm <= Most * item.Last && steps < solve.Limit)
            {
                Vectors.AddDifference(x, factor, solve.Right, image);
                item.First = double.IsFinite(item.First) ? item.First : norm;
                item.Last = norm;
                continue;
            }
            item.HasEnded = true;
            solve.Count(steps);
            if (norm <= solve.Tolerance || norm < item.First)
                solve.Begin(x, image, norm);
            // Of zeros a product can be taken in any case.
            x.Clear();
        }
    }

    /// <summary>‖a − b‖.</summary>
    private static double Distance(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        double square = LaneSums<T, T>.Distance(a, b);
        return Math.Sqrt(LaneSums<T, T>.IsInRange(square) ? square : LaneSums<T, double>.Distance(a, b));
    }

    /// <summary>Each item by itself, when one of the batch cannot be computed; that one goes on by GMRES, which tells why.</summary>
    private void RunAlone()
    {
        if (arguments.Size == 1)
        {
            solves[running[0].Number].Count(Math.Max(0, steps));
            return;
        }
        foreach (RichardsonItem item in running)
        {
            var own = new ItemBuffers(arguments.Row(item.Row), new bool[arguments.All.Length], 1, owned: 1);
            using var alone = new Richardson<T>(plans, solves, factor, own, [item with { Row = 0 }], steps);
            alone.Run();
        }
    }

    /// <summary>Brings the memory down to the items that run, once half of it is idle.</summary>
    private void Shrink()
    {
        if (running.Count > arguments.Size / 2)
            return;
        arguments.Gather([.. running.Select(item => item.Row)]);
        for (int row = 0; row < running.Count; row++)
            running[row] = running[row] with { Row = row };
        (LoopFunction plan, _) = plans.Of(Factor.Operator, arguments.Size);
        calls = plan.Begin(arguments.All, calls);
        Buffer.Release(images);
        images = Hosting.Allocate(plan.ResultTypes)!;
    }

    /// <summary>The rows of a buffer, which must be reachable as long as this is used.</summary>
    private readonly struct Rows(Buffer buffer, int size)
    {
        private readonly T* first = (T*)((HostBuffer)buffer).Pointer;
        private readonly int length = buffer.Length / size;

        public Span<T> this[int row] => new(first + ((long)row * length), length);
    }
}

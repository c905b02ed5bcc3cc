using Implicit.Graph;
using Implicit.Ops;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// What takes the steps of a solve beside its state, and what the norm of that does not see: of a solve that will be differentiated a disturbance, which
/// follows the tangent equation (<see cref="OdeProblem.Tangent"/>), of an adjoint equation its own integrals.
/// </summary>
internal sealed class HiddenEquation
{
    /// <summary>A disturbance is scaled down to so many times what is added to it in a step: what does not die out is seen to grow, but not followed to its last digits.</summary>
    private const double MostTimesAdded = 100.0;

    /// <summary>What elements are drawn by.</summary>
    private static TensorType Number { get; } = new(DType.Float64, Shape.Scalar);

    private readonly Lazy<CompiledFunction> drawing;
    private readonly Lazy<CompiledFunction> renewal;

    private HiddenEquation(OdeProblem problem, OdeProblem hidden)
    {
        Kernels = hidden.Kernels;
        TensorType[] state = hidden.State[problem.Leaves..];
        Disturbance = [.. state, .. hidden.Captures[problem.Captures.Length..]];
        drawing = new(() => CompiledFunction.For(DrawingOf(Disturbance, problem.Time)));
        renewal = new(() => CompiledFunction.For(RenewalOf(state, problem.Time)));
    }

    /// <summary>The compiled pieces of the problem, whose norm is the largest error of what the norm of the other does not see.</summary>
    public OdeKernels Kernels { get; }

    /// <summary>The types of a disturbance: of the leaves of the state, then of captures.</summary>
    public TensorType[] Disturbance { get; }

    /// <summary>(a number, c) → a disturbance of elements from ½·c to 1½·c and either sign, another for each number.</summary>
    public CompiledFunction Drawing => drawing.Value;

    /// <summary>(that of the state, a number, c) → it, no larger than some times c, and such elements.</summary>
    public CompiledFunction Renewal => renewal.Value;

    /// <summary>The equation that belongs to a problem; null if its field has no derivative in forward mode.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="moving">Which captures are disturbed beside the state; null if nothing is.</param>
    public static HiddenEquation? Of(OdeProblem problem, ValueArray<bool>? moving)
    {
        OdeProblem? all = moving is { } flags ? Disturbed(problem, flags.Span) : problem;
        return all is null
            ? null
            : new(
                problem,
                all with
                {
                    NormLeaves = all.Leaves,
                    Norm = Function.TraceClosed("odeint", all.State, errors => [Largest(errors[problem.NormLeaves..])]),
                }
            );
    }

    private static Function DrawingOf(TensorType[] types, TensorType factor) =>
        Function.TraceClosed(
            "odeint",
            [Number, factor],
            all => [.. Drawn(types, all[0]).Select(drawn => Tensor.Cast(all[1], drawn.DType) * drawn)]
        );

    private static Function RenewalOf(TensorType[] disturbance, TensorType factor)
    {
        int n = disturbance.Length;
        return Function.TraceClosed(
            "odeint",
            [.. disturbance, Number, factor],
            all =>
            {
                Tensor size = Tensor.Maximum(Largest(all[..n]) / (MostTimesAdded * all[^1]), 1.0);
                return [.. all[..n].Zip(Drawn(disturbance, all[n]), (u, drawn) => (u / size) + (all[^1] * drawn))];
            }
        );
    }

    /// <summary>Elements from ±½ to ±1½: what is the difference of two of them is hardly nothing.</summary>
    private static IEnumerable<Tensor> Drawn(TensorType[] types, Tensor number)
    {
        RandomKey key = RandomKey.Of(0).Fold(Tensor.Cast(number, DType.Int64));
        return types.Select(
            (type, leaf) =>
            {
                Tensor drawn = Tensor.Uniform(key.Fold(leaf), type.Shape, type.DType) - 0.5;
                return (2.0 * drawn)
                    + Tensor.Where(Tensor.Less(drawn, 0.0), -0.5, Tensor.Full(type.Shape, 0.5, type.DType));
            }
        );
    }

    /// <summary>
    /// What may be the error of a derivative, beside 1 and its size: the larger of the state's two tolerances, since what is a small state says nothing about what
    /// is a small derivative.
    /// </summary>
    public static double ToleranceOf(OdeProblem problem)
    {
        double least = 100.0 * Matrices.Rounding(problem.Time.DType);
        return Math.Clamp(Math.Max(problem.Options.RelativeTolerance, problem.Options.AbsoluteTolerance), least, 0.01);
    }

    /// <summary>The state with a disturbance, and a tolerance that is relative to this.</summary>
    private static OdeProblem? Disturbed(OdeProblem problem, ReadOnlySpan<bool> moving)
    {
        double tolerance = ToleranceOf(problem);
        try
        {
            return problem.Tangent(moving) with
            {
                Options = problem.Options with { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance },
            };
        }
        catch (TensorException)
        {
            return null;
        }
    }

    /// <summary>The size of the largest element, which no number of small ones hides.</summary>
    private static Tensor Largest(Tensor[] leaves) =>
        leaves
            .Where(leaf => leaf.Length > 0)
            .Select(leaf => Tensor.MaxNorm(leaf))
            .DefaultIfEmpty(Tensor.Zeros(Shape.Scalar, leaves[0].DType))
            .Aggregate(Tensor.Maximum);
}

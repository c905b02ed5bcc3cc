using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// What takes the steps of a solve beside its state, and what the norm of that does not see: of a solve that will be differentiated a disturbance, which
/// follows the tangent equation (<see cref="OdeProblem.Tangent"/>), of an adjoint equation its own integrals.
/// </summary>
internal static class HiddenEquation
{
    /// <summary>The problem whose norm is the largest error of what the norm of another does not see; null if the field has no derivative in forward mode.</summary>
    /// <param name="problem">The other problem.</param>
    /// <param name="moving">Which captures are disturbed beside the state; null if nothing is.</param>
    public static OdeProblem? Of(OdeProblem problem, ValueArray<bool>? moving)
    {
        OdeProblem? all = moving is { } flags ? Disturbed(problem, flags.Span) : problem;
        return all is null
            ? null
            : all with
            {
                NormLeaves = all.Leaves,
                Norm = Function.TraceClosed("odeint", all.State, errors => [Largest(errors[problem.NormLeaves..])]),
            };
    }

    /// <summary>(a disturbance, numbers, c) → the disturbance, no larger than 1, and c times the numbers.</summary>
    public static Function Renewal(TensorType[] disturbance, TensorType factor)
    {
        int n = disturbance.Length;
        return Function.TraceClosed(
            "odeint",
            [.. disturbance, .. disturbance, factor],
            all =>
            {
                Tensor size = Tensor.Maximum(Largest(all[..n]), 1.0);
                return [.. all[..n].Zip(all[n..^1], (u, number) => (u / size) + (all[^1] * number))];
            }
        );
    }

    /// <summary>
    /// Numbers from ±½ to ±1½ as if drawn, each another one: what is a difference of two of them is not nothing. They are the first bits of the multiples of the
    /// golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
    /// </summary>
    /// <param name="types">The arrays to fill.</param>
    /// <param name="next">How many were drawn before.</param>
    public static Buffer[] Disturbances(ReadOnlySpan<TensorType> types, ref int next)
    {
        Buffer[] all = Elements.Zeros(types);
        foreach (Buffer leaf in all)
        {
            double[] elements = new double[leaf.Length];
            for (int i = 0; i < elements.Length; i++)
                elements[i] = Drawn(++next);
            Elements.Write(leaf, elements);
        }
        return all;
    }

    /// <summary>Such a number.</summary>
    public static double Drawn(int place)
    {
        int bits = (int)((uint)place * 2654435769u);
        return (bits / 2147483648.0) + (bits < 0 ? -0.5 : 0.5);
    }

    /// <summary>
    /// The state with a disturbance, and a tolerance that is relative to this: the larger of the state's two, since what is a small state says nothing about
    /// what is a small derivative.
    /// </summary>
    private static OdeProblem? Disturbed(OdeProblem problem, ReadOnlySpan<bool> moving)
    {
        double least = 100.0 * Matrices.Rounding(problem.Time.DType);
        double tolerance = Math.Max(problem.Options.RelativeTolerance, problem.Options.AbsoluteTolerance);
        tolerance = Math.Clamp(tolerance, least, 0.01);
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

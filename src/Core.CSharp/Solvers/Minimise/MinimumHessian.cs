using Implicit.Graph;
using Implicit.Linear;
using Implicit.Ops;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// The matrix H of second derivatives at a point that was found for a minimum, and whether there is a derivative to compute by it: the
/// minimum must be isolated.
/// </summary>
/// <remarks>
/// H must be positive definite to working precision. That is not enough, for the point found is at some distance from the minimum, which a
/// Newton step δ estimates. Where H is regular it hardly changes over that distance. Where it is singular at the minimum (x⁴ at 0) it does
/// at every distance: then H⁻¹ at the point found is no estimate of anything, however well it can be computed.
/// </remarks>
internal sealed class MinimumHessian
{
    /// <summary>How much of the right-hand side that leads to the minimum is added in every direction.</summary>
    private const double Share = 0.4;

    private readonly string title;
    private readonly Function product;
    private readonly Function gradient;
    private readonly Tensor[] point;
    private readonly bool isFactorised;

    /// <param name="title">Who solves, for messages.</param>
    /// <param name="gradient">(x [n], captures) → ∇f [n].</param>
    /// <param name="point">x and the captures.</param>
    /// <param name="isFactorised">Whether the matrix is made and factorised; otherwise conjugate gradients multiply with it.</param>
    public MinimumHessian(string title, Function gradient, Tensor[] point, bool isFactorised)
    {
        this.isFactorised = isFactorised;
        this.title = title;
        this.gradient = gradient;
        this.point = point;
        product = gradient.JvpOfFirst();
        var multiplied = new FunctionOperator(
            v => At(point[0], v),
            null,
            point[0].Type,
            point[0].Type,
            OperatorProperties.PositiveDefinite
        )
        {
            IsLinear = true,
            Title = $"the derivative of {title}",
        };
        Operator = isFactorised
            ? new DenseOperator(Curved.Where(title, multiplied.Matrix()), OperatorProperties.PositiveDefinite)
            {
                Title = multiplied.Title,
            }
            : multiplied;
    }

    /// <summary>H.</summary>
    public LinearOperator Operator { get; }

    /// <summary>A tensor, once it was seen that the minimum is isolated.</summary>
    public Tensor Guard(Tensor value)
    {
        // What has no unknowns is isolated.
        if (point[0].Length == 0)
            return value;
        Tensor right = Probe();
        (Tensor step, Tensor brokeDown) = Solve(right);
        Tensor here = At(point[0], step);
        Tensor change = Change.Of(At(point[0] + step, step), here);
        Tensor size = Tensor.ScaledNorm(step);
        Tensor curvature = Tensor.Dot(step / size, here / size);
        Tensor scale = Tensor.ScaledNorm(At(point[0], right / Tensor.ScaledNorm(right)));
        // NaN, where conjugate gradients found no step at all, is no curvature.
        Tensor isCurved = Tensor.Greater(curvature, scale * (10.0 * Matrices.Rounding(right.DType)));
        Tensor isFlat = Tensor.Cast(Tensor.Not(isCurved), right.DType);
        // By factors this is known, and whatever the units of the unknowns.
        Tensor singular = isFactorised ? Tensor.ZerosLike(change) : Tensor.Maximum(brokeDown, isFlat);
        return Tensor.Ensure(value, Tensor.Stack([singular, change]), new Isolated(title));
    }

    /// <summary>H(x)·v.</summary>
    private Tensor At(Tensor x, Tensor v) => product.Apply([x, .. point[1..], v])[1];

    /// <summary>
    /// The gradient that is left, which leads to the minimum, and a part in every direction: conjugate gradients cannot end before they met a
    /// negative eigenvalue, of which there is more than the tolerance.
    /// </summary>
    private Tensor Probe()
    {
        Tensor left = gradient.Apply(point)[0];
        Tensor size = Tensor.ScaledNorm(left);
        size = Tensor.Where(size > 0.0, size, Matrices.Rounding(left.DType));
        Tensor place = Tensor.Cumsum(Tensor.OnesLike(left));
        Tensor all = Tensor.Cos(place * place);
        Tensor sign = Tensor.Where(Tensor.Dot(all, left) >= 0.0, 1.0, -Tensor.OnesLike(size));
        return left + (sign * (size * (Share / Math.Sqrt(left.Length))) * all);
    }

    /// <summary>−H⁻¹·right, and whether a direction without positive curvature was met.</summary>
    private (Tensor Step, Tensor BrokeDown) Solve(Tensor right)
    {
        if (isFactorised)
            return (Operator.Inverse().Apply(-right), Tensor.Zeros([], right.DType));
        var solver = new LinearSolver.Cg { RelativeTolerance = 0.1 * Share / Math.Sqrt(right.Length) };
        (Tensor step, Tensor report) = KrylovSetup.Of(Operator, solver).TrySolve(-right, null);
        Tensor status = Tensor.Index(report, 0, 0);
        return (step, Tensor.Cast(Tensor.Equal(status, (double)LinearStatus.Breakdown), right.DType));
    }

    private static SolveException Singular(string title, string of) =>
        new(
            $"[{title}] Singular: the minimum is not isolated, for the matrix of second derivatives is singular or not positive definite there{of}: "
                + "the minimiser has no derivative. Try fewer unknowns, a small penalty, or a tighter tolerance if the minimum is not met well."
        );

    /// <summary>
    /// A symmetric matrix is positive definite: what elimination leaves of each diagonal element is positive, and more than rounding beside it,
    /// whatever the units of the unknowns.
    /// </summary>
    private sealed record Curved(string Title, double Rounding) : Requirement
    {
        public override int ItemRank => 2;

        public static Tensor Where(string title, Tensor matrix) =>
            Tensor.Ensure(matrix, matrix, new Curved(title, Matrices.Rounding(matrix.DType)));

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            int n = (int)Math.Sqrt(item.Length);
            double[] left = item.ToArray();
            for (int j = 0; j < n; j++)
            {
                ReadOnlySpan<double> pivotal = left.AsSpan(j * n, n);
                if (!(pivotal[j] > n * Rounding * item[(j * n) + j]))
                    throw Singular(Title, FailureText.ForItem(number, items));
                for (int i = j + 1; i < n; i++)
                    Vectors.Add(left.AsSpan((i * n) + i, n - i), -pivotal[i] / pivotal[j], pivotal[i..]);
            }
        }
    }

    /// <summary>The Hessian is not flat, and changes little between the point found and the minimum.</summary>
    private sealed record Isolated(string Title) : Requirement
    {
        public override int ItemRank => 1;

        public override void Verify(ReadOnlySpan<double> item, int number, int items)
        {
            if (item[0] > 0.0 || !(item[1] <= Change.Most))
                throw Singular(Title, FailureText.ForItem(number, items));
        }
    }
}

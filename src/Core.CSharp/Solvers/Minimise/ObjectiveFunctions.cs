using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit.Solvers.Minimise;

/// <summary>
/// What is derived from an objective (x [n], captures) → f. Traced once for all objectives of the same structure, so that a loop which minimises
/// again differentiates nothing again.
/// </summary>
internal sealed class ObjectiveFunctions
{
    private static readonly BoundedCache<Function, ObjectiveFunctions> Known = new(f => new(f));

    private readonly Lazy<Function> curve;

    private ObjectiveFunctions(Function objective)
    {
        ValueAndGradient = Function.TraceClosed(
            "minimise",
            objective.ArgumentTypes,
            all =>
            {
                Tensor value = objective.Apply(all)[0];
                return [value, .. Differentiation.Pull([all[0]], [value], [Tensor.OnesLike(value)])];
            }
        );
        Gradient = ValueAndGradient.Select([false, true]);
        curve = new(Directional);
    }

    /// <summary>(x [n], captures) → (f, ∇f [n]).</summary>
    public Function ValueAndGradient { get; }

    /// <summary>(x [n], captures) → ∇f [n].</summary>
    public Function Gradient { get; }

    /// <summary>(x, v, captures) → ∇²f·v.</summary>
    public Function Curve => curve.Value;

    public static ObjectiveFunctions Of(Function objective) => Known[objective];

    private Function Directional()
    {
        Function product = Gradient.JvpOfFirst();
        TensorType x = Gradient.Arguments[0].Type;
        return Function.TraceClosed(
            "minimise",
            [x, x, .. Gradient.ArgumentTypes.AsSpan(1)],
            all => [product.Apply([all[0], .. all[2..], all[1]])[1]]
        );
    }
}

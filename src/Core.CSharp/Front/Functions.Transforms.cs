using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit;

/// <summary>
/// Everything as plain functions, for <c>using static Implicit.Functions;</c>: tensors, operations, transforms, control flow and solvers.
/// </summary>
/// <remarks>
/// The arguments and results of transforms are trees: a tensor, or records, tuples, arrays, lists and dictionaries of trees. The gradient of a
/// record is a record.
/// <para>
/// Beside a solver as a function, <c>FixedPoint(f, z0)</c>, stands a class of its name with the full account, <c>FixedPoint.Solve(f, z0)</c>. A file
/// that imports these functions names the class by an alias, <c>using FixedPoint = Implicit.FixedPoint;</c>, and then has both; so for
/// <c>Root</c>, <c>LeastSquares</c>, <c>Minimise</c> and <c>Argmin</c>.
/// </para>
/// </remarks>
public static partial class Functions
{
    /// <summary>∂f/∂x of a scalar-valued function.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>A tree of x's form and shapes; an expression again, so gradients nest.</returns>
    /// <exception cref="TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    public static T Grad<T>(Func<T, Tensor> f, T x) => Differentiation.ValueAndGrad(Given(f), x, "grad").Gradient;

    /// <summary>f(x) and ∂f/∂x of a scalar-valued function, computed together.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>The value, and a tree of x's form and shapes.</returns>
    /// <exception cref="TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    public static (Tensor Value, T Gradient) ValueAndGrad<T>(Func<T, Tensor> f, T x) =>
        Differentiation.ValueAndGrad(Given(f), x);

    /// <summary>
    /// f, traced once for each form of its argument and then run as one plan: a call binds the tensors and runs. It computes at once; inside a
    /// transform the call becomes part of what is differentiated, with respect to arguments and captures alike.
    /// </summary>
    /// <remarks>
    /// What f captures is not frozen: captured tensors are bound in each call, and when a captured variable (of f or of the functions that it
    /// captured), an element of a captured collection, or a field of a captured object or of an object of the same assembly that it holds, has changed, f
    /// is traced again. Static fields, and what objects of other libraries hold, are not seen to change. Nor is what lies beyond a bound, for all of it is
    /// looked at in each call: together 256 KiB of numbers in arrays and lists, of which every other element and every field takes 64 bytes; what lies
    /// nearest to f counts first, and a collection that no longer fits is left out as a whole. Hold large data that changes in a tensor.
    /// C# keeps all variables of a method that lambdas capture in one object, and those of a script all: where a loop replaces one of them, f is traced in
    /// each turn, whether it uses that one or another. Compile f where no such variable is, as in a static method that gets what f captures.
    /// Numbers, texts and functions in the argument belong to its form: another number is traced anew. Other objects in it are seen to change as those
    /// that f captured.
    /// </remarks>
    /// <typeparam name="T">Any tree of tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">A function without side effects: it runs when it is traced only.</param>
    /// <returns>The compiled function; it may be called from several threads.</returns>
    /// <exception cref="TensorException">When called: f reads a value, or the argument holds an array of numbers.</exception>
    public static Func<T, TResult> Compile<T, TResult>(Func<T, TResult> f) => new Compiled<T, TResult>(Given(f)).Call;

    /// <summary>f(x), and the map w ↦ wᵀ ∂f/∂x from cotangents of the result to cotangents of x.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>The value, and the pullback, which may be called many times.</returns>
    /// <exception cref="TensorException">x holds no floating-point tensor; the pullback: the cotangent is not of the result's form.</exception>
    public static (TResult Value, Func<TResult, T> Pullback) Vjp<T, TResult>(Func<T, TResult> f, T x) =>
        Differentiation.Vjp(Given(f), x);

    /// <summary>f(x), and its derivative ∂f/∂x · v along a direction.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <param name="v">The direction: a tree of x's form and shapes.</param>
    /// <returns>The value and the tangent, of one form.</returns>
    /// <exception cref="TensorException">x holds no floating-point tensor, or v is not of x's form.</exception>
    public static (TResult Value, TResult Tangent) Jvp<T, TResult>(Func<T, TResult> f, T x, T v) =>
        Differentiation.Jvp(Given(f), x, v);

    /// <summary>
    /// f applied to every item of a batch in one pass: f is called once, on a stand-in for an item. What it captures is shared by all items.
    /// </summary>
    /// <typeparam name="T">Any tree of tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">A function of one item.</param>
    /// <param name="x">The items along axis 0 of every tensor.</param>
    /// <returns>The results along axis 0; a result that does not depend on the item is repeated.</returns>
    /// <exception cref="TensorException">x holds no tensor, or its tensors differ in the number of items.</exception>
    public static TResult Vmap<T, TResult>(Func<T, TResult> f, T x) => Vectorisation.Vmap(Given(f), x);

    /// <summary>
    /// f(x), of which only arguments and results are kept for the reverse derivative; the rest is computed again when it is needed.
    /// Values and derivatives of every order are those of f.
    /// </summary>
    /// <typeparam name="T">Any tree of tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">Its argument.</param>
    /// <returns>f(x).</returns>
    public static TResult Checkpoint<T, TResult>(Func<T, TResult> f, T x) => Checkpointing.Checkpoint(Given(f), x);

    /// <summary>The matrix of derivatives ∂f/∂x, by reverse mode: one pullback per element of the result, all at once.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>A tree of x's form; each tensor has the shape of the result followed by that of its counterpart in x.</returns>
    /// <exception cref="TensorException">f does not return a floating-point tensor, or x holds none.</exception>
    public static T Jacobian<T>(Func<T, Tensor> f, T x) => Jacobians.Jacobian(Given(f), x);

    /// <summary>The matrix of derivatives ∂f/∂x, by forward mode: one tangent per element of x, all at once.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>A tree of x's form; each tensor has the shape of the result followed by that of its counterpart in x.</returns>
    /// <exception cref="TensorException">f does not return a floating-point tensor, or x holds none.</exception>
    public static T JacobianForward<T>(Func<T, Tensor> f, T x) => Jacobians.JacobianForward(Given(f), x);

    /// <summary>The matrix of second derivatives ∂²f/∂x² of a scalar-valued function.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>The shape of x twice; for a tree of several tensors the square matrix over all its elements in order.</returns>
    /// <exception cref="TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    public static Tensor Hessian<T>(Func<T, Tensor> f, T x) => Jacobians.Hessian(Given(f), x);

    /// <summary>∂²f/∂x² · v of a scalar-valued function, without the matrix.</summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <param name="v">The direction: a tree of x's form and shapes.</param>
    /// <returns>A tree of x's form and shapes.</returns>
    /// <exception cref="TensorException">f does not return one floating-point number, or v is not of x's form.</exception>
    public static T Hvp<T>(Func<T, Tensor> f, T x, T v) => Jacobians.Hvp(Given(f), x, v);

    /// <summary>
    /// f(x), with derivatives by rules of the caller. Rules are ordinary functions, so second and higher orders are theirs. Forward mode
    /// transposes the vjp where no jvp is given.
    /// </summary>
    /// <typeparam name="T">Any tree of floating-point tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="f">The function. What it captures is constant: differentiating by it is an error.</param>
    /// <param name="x">Its argument.</param>
    /// <param name="vjp">(x, f(x), cotangent of the result) → cotangent of x; linear in the cotangent, with nothing added.</param>
    /// <param name="jvp">(x, f(x), tangent of x) → tangent of the result; null to transpose the vjp.</param>
    /// <returns>f(x).</returns>
    /// <exception cref="TensorException">
    /// A rule does not return the form and the types of what its derivative belongs to, or forward mode is asked for where the vjp is seen not to be linear.
    /// </exception>
    public static TResult CustomDerivative<T, TResult>(
        Func<T, TResult> f,
        T x,
        Func<T, TResult, TResult, T> vjp,
        Func<T, TResult, T, TResult>? jvp = null
    ) => CustomDerivatives.Apply(Given(f), Given(vjp), jvp, x);
}

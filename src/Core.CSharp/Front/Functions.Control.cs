using Implicit.Control;

namespace Implicit;

public static partial class Functions
{
    /// <summary>
    /// The result of one of two functions. Only the chosen one runs, and only its derivative: what is undefined in the other one (a division
    /// by zero, a logarithm of a negative number) stays out of the result and of all derivatives.
    /// </summary>
    /// <typeparam name="T">Any tree of tensors.</typeparam>
    /// <typeparam name="TResult">Any tree of tensors.</typeparam>
    /// <param name="condition">A bool scalar; under vmap each item chooses for itself.</param>
    /// <param name="then">Called on x where the condition holds.</param>
    /// <param name="otherwise">Called on x where it does not; its result has the same types.</param>
    /// <param name="x">The argument of both.</param>
    /// <returns>The result of the chosen function.</returns>
    /// <exception cref="TensorException">The condition is no truth value, or the results differ in type.</exception>
    public static TResult Cond<T, TResult>(Tensor condition, Func<T, TResult> then, Func<T, TResult> otherwise, T x) =>
        Branches.Cond(Given(condition), Given(then), Given(otherwise), x);

    /// <summary>
    /// Calls a step once per element of a sequence, handing a carry on. Differentiable in both modes and to every order, with respect to the
    /// first carry, the elements and whatever the step captures.
    /// </summary>
    /// <typeparam name="TCarry">Any tree of tensors.</typeparam>
    /// <typeparam name="TElement">Any tree of tensors.</typeparam>
    /// <typeparam name="TOutput">Any tree of tensors.</typeparam>
    /// <param name="step">(carry, element) → (carry of the same types, output).</param>
    /// <param name="init">The first carry.</param>
    /// <param name="xs">Sequences: the extent of axis 0 of every tensor is the number of steps.</param>
    /// <param name="length">The number of steps; needed only if xs holds no tensors.</param>
    /// <param name="reverse">Whether to go from the last element to the first; outputs stay at their element's place.</param>
    /// <returns>The last carry, and the outputs with the steps along axis 0.</returns>
    /// <exception cref="TensorException">The sequences differ in length, or the step changes the types of the carry.</exception>
    public static (TCarry Carry, TOutput Outputs) Scan<TCarry, TElement, TOutput>(
        Func<TCarry, TElement, (TCarry, TOutput)> step,
        TCarry init,
        TElement xs,
        int? length = null,
        bool reverse = false
    ) => Loops.Scan(Given(step), init, xs, length, reverse);

    /// <summary>
    /// Calls a step on a state as long as a condition holds. Forward mode and vmap only: what reverse mode would have to keep has no bound.
    /// </summary>
    /// <typeparam name="T">Any tree of tensors.</typeparam>
    /// <param name="condition">State → bool scalar.</param>
    /// <param name="step">State → state of the same types.</param>
    /// <param name="init">The first state.</param>
    /// <param name="maxSteps">The number of steps after which the loop is taken for endless.</param>
    /// <returns>The first state for which the condition does not hold.</returns>
    /// <exception cref="TensorException">The condition still holds after so many steps, or the step changes the types of the state.</exception>
    public static T WhileLoop<T>(Func<T, Tensor> condition, Func<T, T> step, T init, int maxSteps = 1_000_000) =>
        Loops.While(Given(condition), Given(step), init, maxSteps);
}

namespace Implicit

open System
open Implicit.Trees

/// Branches and loops that depend on computed values, as functions that transforms can see through.
[<AutoOpen>]
module Control =
    /// <summary>
    /// The result of one of two functions. Only the chosen one runs, and only its derivative: what is undefined in the other one (a division
    /// by zero, a logarithm of a negative number) stays out of the result and of all derivatives.
    /// </summary>
    /// <param name="condition">A bool scalar; under vmap each item chooses for itself.</param>
    /// <param name="thenDo">Called on x where the condition holds.</param>
    /// <param name="otherwise">Called on x where it does not; its result has the same types.</param>
    /// <param name="x">The argument of both: any tree of tensors.</param>
    /// <returns>The result of the chosen function.</returns>
    /// <exception cref="T:Implicit.TensorException">The condition is no truth value, or the results differ in type.</exception>
    let cond (condition: Tensor) (thenDo: 'X -> 'Y) (otherwise: 'X -> 'Y) (x: 'X) : 'Y =
        Functions.Cond(condition, Codecs.func thenDo, Codecs.func otherwise, x)

    /// <summary>
    /// Calls a step once per element of a sequence, handing a carry on. Differentiable in both modes and to every order, with respect to the
    /// first carry, the elements and whatever the step captures.
    /// </summary>
    /// <param name="step">carry element → (carry of the same types, output).</param>
    /// <param name="xs">Sequences: the extent of axis 0 of every tensor is the number of steps.</param>
    /// <param name="init">The first carry.</param>
    /// <returns>The last carry, and the outputs with the steps along axis 0.</returns>
    /// <exception cref="T:Implicit.TensorException">The sequences differ in length, or the step changes the types of the carry.</exception>
    let scan (step: 'Carry -> 'X -> 'Carry * 'Y) (xs: 'X) (init: 'Carry) : 'Carry * 'Y =
        let step carry x =
            let carry, output = step carry x
            struct (carry, output)

        Functions.Scan(Codecs.func2 step, init, xs).ToTuple()

    /// <summary>
    /// Calls a step on a state as long as a condition holds. Forward mode and vmap only: what reverse mode would have to keep has no bound.
    /// A million steps are taken for an endless loop.
    /// </summary>
    /// <param name="condition">State → bool scalar.</param>
    /// <param name="step">State → state of the same types.</param>
    /// <param name="init">The first state: any tree of tensors.</param>
    /// <returns>The first state for which the condition does not hold.</returns>
    /// <exception cref="T:Implicit.TensorException">The loop does not end, or the step changes the types of the state.</exception>
    let whileLoop (condition: 'X -> Tensor) (step: 'X -> 'X) (init: 'X) : 'X =
        Functions.WhileLoop(Codecs.func condition, Codecs.func step, init)

namespace Implicit

open System
open Implicit.Trees

/// <summary>Derivatives and other transforms of functions. They nest to any depth and in any order.</summary>
/// <remarks>
/// Arguments and results are trees: a tensor, or records, tuples, lists, arrays, options and unions of trees, so the gradient of a record is
/// a record. What a function captures is data to its transform and differentiates in transforms around it.
/// </remarks>
[<AutoOpen>]
module Transforms =
    /// <summary>∂f/∂x of a scalar-valued function.</summary>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>A tree of x's form and shapes.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    let grad (f: 'X -> Tensor) (x: 'X) : 'X = Functions.Grad(Codecs.func f, x)

    /// <summary>f(x) and ∂f/∂x of a scalar-valued function, computed together.</summary>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>The value, and a tree of x's form and shapes.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    let valueAndGrad (f: 'X -> Tensor) (x: 'X) : Tensor * 'X = Functions.ValueAndGrad(Codecs.func f, x).ToTuple()

    /// <summary>f(x), and the map w ↦ wᵀ ∂f/∂x from cotangents of the result to cotangents of x.</summary>
    /// <param name="f">Any function of trees.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>The value, and the pullback, which may be called many times.</returns>
    /// <exception cref="T:Implicit.TensorException">x holds no floating-point tensor; the pullback: the cotangent is not of the result's form.</exception>
    let vjp (f: 'X -> 'Y) (x: 'X) : 'Y * ('Y -> 'X) =
        let struct (value, pullback) = Functions.Vjp(Codecs.func f, x)
        value, pullback.Invoke

    /// <summary>f(x), and its derivative ∂f/∂x · v along a direction.</summary>
    /// <param name="f">Any function of trees.</param>
    /// <param name="v">The direction: a tree of x's form and shapes.</param>
    /// <param name="x">Where to differentiate.</param>
    /// <returns>The value and the tangent, of one form.</returns>
    /// <exception cref="T:Implicit.TensorException">x holds no floating-point tensor, or v is not of x's form.</exception>
    let jvp (f: 'X -> 'Y) (v: 'X) (x: 'X) : 'Y * 'Y = Functions.Jvp(Codecs.func f, x, v).ToTuple()

    /// <summary>
    /// f, traced once for each form of its argument and then run as one plan: a call binds the tensors and runs. It computes at once; inside a
    /// transform the call becomes part of what is differentiated, with respect to arguments and captures alike.
    /// </summary>
    /// <remarks>
    /// What f captures is not frozen: captured tensors are bound in each call, and when a captured cell (of f or of the functions that it
    /// captured), an element of a captured collection, or a field of a captured object or of an object of the same assembly that it holds, has changed,
    /// f is traced again. Mutable values of modules, and what objects of other libraries hold, are not seen to change. Nor is what lies beyond a
    /// bound, for all of it is looked at in each call: together 256 KiB of numbers in arrays and lists, of which every other element and every field
    /// takes 64 bytes; what lies nearest to f counts first, and a collection that no longer fits is left out as a whole. Hold large data that
    /// changes in a tensor. Numbers, texts and functions in the argument belong to its form: another number is traced anew. Other objects in it are
    /// seen to change as those that f captured.
    /// </remarks>
    /// <param name="f">A function without side effects: it runs when it is traced only.</param>
    /// <returns>The compiled function; it may be called from several threads.</returns>
    /// <exception cref="T:Implicit.TensorException">When called: f reads a value, or the argument holds an array of numbers.</exception>
    let compile (f: 'X -> 'Y) : 'X -> 'Y = Functions.Compile(Codecs.func f).Invoke

    /// <summary>
    /// f applied to every item of a batch in one pass: f is called once, on a stand-in for an item. What it captures is shared by all items.
    /// </summary>
    /// <param name="f">A function of one item.</param>
    /// <param name="x">The items along axis 0 of every tensor of the tree.</param>
    /// <returns>The results along axis 0; a result that does not depend on the item is repeated.</returns>
    /// <exception cref="T:Implicit.TensorException">x holds no tensor, or its tensors differ in the number of items.</exception>
    let vmap (f: 'X -> 'Y) (x: 'X) : 'Y = Functions.Vmap(Codecs.func f, x)

    /// <summary>
    /// f(x), of which only arguments and results are kept for the reverse derivative; the rest is computed again when it is needed.
    /// Values and derivatives of every order are those of f.
    /// </summary>
    /// <param name="f">Any function of trees.</param>
    /// <param name="x">Its argument.</param>
    /// <returns>f(x).</returns>
    let checkpoint (f: 'X -> 'Y) (x: 'X) : 'Y = Functions.Checkpoint(Codecs.func f, x)

    /// <summary>The matrix of derivatives ∂f/∂x, by reverse mode: one pullback per element of the result, all at once.</summary>
    /// <param name="f">Returns a tensor.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>A tree of x's form; each tensor has the shape of the result followed by that of its counterpart in x.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return a floating-point tensor, or x holds none.</exception>
    let jacobian (f: 'X -> Tensor) (x: 'X) : 'X = Functions.Jacobian(Codecs.func f, x)

    /// <summary>The matrix of derivatives ∂f/∂x, by forward mode: one tangent per element of x, all at once.</summary>
    /// <param name="f">Returns a tensor.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>A tree of x's form; each tensor has the shape of the result followed by that of its counterpart in x.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return a floating-point tensor, or x holds none.</exception>
    let jacobianForward (f: 'X -> Tensor) (x: 'X) : 'X = Functions.JacobianForward(Codecs.func f, x)

    /// <summary>The matrix of second derivatives ∂²f/∂x² of a scalar-valued function.</summary>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>The shape of x twice; for a tree of several tensors the square matrix over all its elements in order.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return one floating-point number, or x holds no floating-point tensor.</exception>
    let hessian (f: 'X -> Tensor) (x: 'X) : Tensor = Functions.Hessian(Codecs.func f, x)

    /// <summary>∂²f/∂x² · v of a scalar-valued function, without the matrix.</summary>
    /// <param name="f">Returns a tensor with one element.</param>
    /// <param name="v">The direction: a tree of x's form and shapes.</param>
    /// <param name="x">Where to differentiate: any tree of floating-point tensors.</param>
    /// <returns>A tree of x's form and shapes.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return one floating-point number, or v is not of x's form.</exception>
    let hvp (f: 'X -> Tensor) (v: 'X) (x: 'X) : 'X = Functions.Hvp(Codecs.func f, x, v)

    /// <summary>
    /// f(x), with a derivative by a rule of the caller. The rule is an ordinary function, so second and higher orders are its own; forward
    /// mode transposes it.
    /// </summary>
    /// <param name="vjp">x (f x) (cotangent of the result) → cotangent of x; linear in the cotangent, with nothing added.</param>
    /// <param name="f">The function. What it captures is constant: differentiating by it is an error.</param>
    /// <param name="x">Its argument: any tree of floating-point tensors.</param>
    /// <returns>f(x).</returns>
    /// <exception cref="T:Implicit.TensorException">
    /// The rule does not return the types of x, or forward mode is asked for where it is seen not to be linear.
    /// </exception>
    let customDerivative (vjp: 'X -> 'Y -> 'Y -> 'X) (f: 'X -> 'Y) (x: 'X) : 'Y =
        Functions.CustomDerivative(Codecs.func f, x, Func<'X, 'Y, 'Y, 'X>(fun x y w -> vjp x y w))

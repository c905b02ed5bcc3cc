namespace Implicit

open Implicit.Trees

type private CoreTree = Implicit.Transforms.Tree
type private Ravelling = Implicit.Transforms.Ravelling
type private TreeForm = Implicit.Transforms.TreeForm

/// <summary>
/// Values with tensors inside, as parameters and states are held: a tensor, or records, tuples, lists, arrays, options, unions and maps of
/// trees. Everything in a tree that is neither a tensor nor made of trees (a number, a text, a function) stays as it is.
/// </summary>
[<RequireQualifiedAccess>]
module Tree =
    /// The tensors of a tree, in order.
    let leaves (tree: 'Tree) : Tensor list =
        Codecs.ready ()
        CoreTree.Leaves tree |> List.ofArray

    let internal rebuild (tree: 'Tree) (leaves: Tensor[]) : 'Tree =
        Codecs.ready ()
        CoreTree.With(tree, leaves)

    /// A tree of the same form, each tensor replaced by its image.
    let map (f: Tensor -> Tensor) (tree: 'Tree) : 'Tree = leaves tree |> List.map f |> Array.ofList |> rebuild tree

    /// <summary>A tree of the same form, each tensor replaced by the image of it and its counterpart.</summary>
    /// <param name="f">Takes a tensor of the first tree and its counterpart of the second.</param>
    /// <param name="first">Gives the form.</param>
    /// <param name="second">A tree with as many tensors.</param>
    /// <returns>The tree of images.</returns>
    /// <exception cref="T:Implicit.TensorException">The trees differ in the number of tensors.</exception>
    let map2 (f: Tensor -> Tensor -> Tensor) (first: 'Tree) (second: 'Tree) : 'Tree =
        let left, right = leaves first, leaves second

        if left.Length <> right.Length then
            raise (
                TensorException
                    $"[Tree.map2] both trees must hold as many tensors. Received {left.Length} and {right.Length}."
            )

        TreeForm.Require("Tree.map2", "both trees must be of one form", second, first)
        List.map2 f left right |> Array.ofList |> rebuild first

    /// The number of elements of all tensors of a tree: how many parameters a model has.
    let size (tree: 'Tree) : int = leaves tree |> List.sumBy _.Length

    /// <summary>
    /// The tensors of a tree as one vector, one after the other, and the way back: for what is defined on vectors, as an inner product of gradients or a step
    /// by the Hessian.
    /// </summary>
    /// <param name="tree">Any tree of at least one tensor, all of one element type.</param>
    /// <returns>The vector [n], n the size of the tree, and the function that makes such a vector a tree of the same form.</returns>
    /// <exception cref="T:Implicit.TensorException">Element types differ, there is no tensor, or the function is given anything but a vector [n].</exception>
    let ravel (tree: 'Tree) : Tensor * (Tensor -> 'Tree) =
        Codecs.ready ()
        let struct (vector, unravel) = Ravelling.Ravel(tree, "Tree.ravel")
        vector, unravel.Invoke

    /// <summary>Computes all tensors of a tree now, together. Reading a value does so too; this is for timing and for long loops.</summary>
    /// <param name="tree">Any tree of tensors that are not being traced.</param>
    /// <returns>The same tree.</returns>
    let evaluate (tree: 'Tree) : 'Tree =
        Codecs.ready ()
        Implicit.Runtime.Reading.Force(System.ReadOnlySpan<Tensor>(CoreTree.Leaves tree))
        tree

namespace Implicit

open System

/// Linear algebra on matrices in the last two axes; axes before them are a batch.
[<AutoOpen>]
module Algebra =
    /// The matrix product over the last two axes, as `*@`.
    let matmul (a: Tensor) (b: Tensor) : Tensor = Tensor.MatMul(a, b)

    /// The inner product of two vectors.
    let dot (a: Tensor) (b: Tensor) : Tensor = Tensor.Dot(a, b)

    /// The outer product a bᵀ of two vectors.
    let outer (a: Tensor) (b: Tensor) : Tensor = Tensor.Outer(a, b)

    /// <summary>Products of any number of tensors, summed over the labels that the result does not have.</summary>
    /// <param name="equation">A letter for each axis: <c>"ij,jk->ik"</c> is the matrix product, <c>"ii->i"</c> the diagonal.</param>
    /// <param name="operands">A tensor for each part before the arrow.</param>
    /// <returns>The result.</returns>
    /// <exception cref="T:Implicit.TensorException">The equation does not fit the operands.</exception>
    let einsum (equation: string) (operands: seq<Tensor>) : Tensor = Tensor.Einsum(equation, spanOf operands)

    /// The Cholesky factor of a symmetric positive definite matrix: lower triangular L with L Lᵀ = A.
    let cholesky (a: Tensor) : Tensor = Tensor.Cholesky a

    /// X with A X = B, by LU factorisation.
    let solve (a: Tensor) (b: Tensor) : Tensor = Tensor.Solve(a, b)

    /// X with L X = B for a lower triangular L.
    let solveLower (l: Tensor) (b: Tensor) : Tensor = Tensor.SolveTriangular(l, b)

    /// X with U X = B for an upper triangular U.
    let solveUpper (u: Tensor) (b: Tensor) : Tensor = Tensor.SolveTriangular(u, b, lower = false)

    /// The x that minimises |A x − b|, for A with independent columns.
    let lstsq (a: Tensor) (b: Tensor) : Tensor = Tensor.Lstsq(a, b)

    /// The inverse of a matrix. To multiply by one, `solve` is more exact and cheaper.
    let inverse (a: Tensor) : Tensor = Tensor.Inverse a

    /// The Moore–Penrose pseudoinverse.
    let pinv (a: Tensor) : Tensor = Tensor.Pinv a

    /// The determinant; 0 of a singular matrix, where it has no derivative here.
    let det (a: Tensor) : Tensor = Tensor.Det a

    /// The natural logarithm of a positive determinant; it neither overflows nor underflows.
    let logdet (a: Tensor) : Tensor = Tensor.LogDet a

    /// The sign of the determinant, and the natural logarithm of its absolute value; of a singular matrix 0 and −∞.
    let slogdet (a: Tensor) : Tensor * Tensor = Tensor.SlogDet(a).ToTuple()

    /// The LU factorisation with row exchanges: permutation, L and U with A[permutation, *] = L U.
    let lu (a: Tensor) : Tensor * Tensor * Tensor = Tensor.Lu(a).ToTuple()

    /// The reduced QR factorisation: Q with orthonormal columns and upper triangular R.
    let qr (a: Tensor) : Tensor * Tensor = Tensor.Qr(a).ToTuple()

    /// The eigenvalues, ascending, and eigenvectors, as columns, of a symmetric matrix.
    let eigh (a: Tensor) : Tensor * Tensor = Tensor.Eigh(a).ToTuple()

    /// The singular value decomposition: U, the singular values, and Vᵀ.
    let svd (a: Tensor) : Tensor * Tensor * Tensor = Tensor.Svd(a).ToTuple()

    /// The sum of the main diagonal.
    let trace (a: Tensor) : Tensor = Tensor.Trace a

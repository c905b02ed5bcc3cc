namespace Implicit

type private CoreProjection = Implicit.Projection

/// Minimisers that have a closed form: the nearest point of a set, exact and differentiable in both modes and to any order wherever the
/// projection is. At its kinks the derivative is that of one side. Bounds, radii and amounts may be plain numbers.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Projection =
    /// The nearest point of the box from `lower` to `upper`.
    let inline box lower upper (x: Tensor) : Tensor = Implicit.Projection.Box(x, operand lower, operand upper)

    /// The nearest point of the simplex x ≥ 0, Σx = 1, of each vector along the last axis: sparsemax.
    let simplex (x: Tensor) : Tensor = CoreProjection.Simplex x

    /// The nearest point of the simplex x ≥ 0, Σx = total, of each vector along the last axis.
    let inline simplexOf total (x: Tensor) : Tensor = Implicit.Projection.Simplex(x, operand total)

    /// The nearest point of the affine set A·x = b. Rows of A may depend on each other.
    let affine (a: Tensor) (b: Tensor) (x: Tensor) : Tensor = CoreProjection.Affine(x, a, b)

    /// The nearest point of the ball ‖x‖ ≤ radius, of each vector along the last axis.
    let inline ball radius (x: Tensor) : Tensor = Implicit.Projection.Ball(x, operand radius)

    /// The minimiser of ½‖y − x‖² + amount·Σ|y|: every element drawn towards 0, and to 0 if it is no larger than the amount.
    let inline softThreshold amount (x: Tensor) : Tensor = Implicit.Projection.SoftThreshold(x, operand amount)

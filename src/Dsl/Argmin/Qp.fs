namespace Implicit

/// <summary>
/// A convex quadratic program, min ½x'Px + q'x subject to A·x = b, G·x ≤ h, lb ≤ x ≤ ub. Every datum may have batch axes in front, which broadcast: one
/// without them is shared by all items. Make one from <c>Qp.linear q</c> and copy and update.
/// </summary>
[<NoComparison; NoEquality>]
type Qp =
    {
        /// […, n, n]: the symmetric part counts and must be positive semidefinite; None for a linear program.
        P: Tensor option
        /// […, n]: the linear term.
        q: Tensor
        /// […, p, n]: the matrix of the equalities.
        A: Tensor option
        /// […, p]: the right side of the equalities.
        b: Tensor option
        /// […, m, n]: the matrix of the inequalities.
        G: Tensor option
        /// […, m]: the right side of the inequalities; one of 1e19 or more, times the largest element of its row where that is above 1, is no constraint.
        h: Tensor option
        /// […, n]: lower bounds; one of −1e19 or less is none.
        lb: Tensor option
        /// […, n]: upper bounds; one of 1e19 or more is none, and one equal to the lower bound fixes the variable.
        ub: Tensor option
    }

    member internal qp.Core =
        let orNull = Option.toObj

        QuadraticProgram(
            qp.q,
            P = orNull qp.P,
            A = orNull qp.A,
            B = orNull qp.b,
            G = orNull qp.G,
            H = orNull qp.h,
            Lower = orNull qp.lb,
            Upper = orNull qp.ub
        )

/// Convex quadratic programs as data.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Qp =
    /// <summary>The program min q'x without constraints, to add the other data to: <c>{ Qp.linear q with P = Some p }</c>.</summary>
    /// <param name="q">[…, n].</param>
    /// <returns>The program.</returns>
    let linear (q: Tensor) : Qp = { P = None; q = q; A = None; b = None; G = None; h = None; lb = None; ub = None }

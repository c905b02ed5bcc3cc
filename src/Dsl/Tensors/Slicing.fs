namespace Implicit

/// F#'s slices of tensors: `t[0, *]`, `t[1..3]`, `t[*, 0]`. As in F#'s arrays the last place named belongs to the slice; a negative place counts
/// from the end; a single place drops its axis. Axes that are not named are whole.
[<AutoOpen>]
module Slicing =
    let private at (place: int) = AxisIndex.op_Implicit place

    let private range (first: int option) (last: int option) =
        let stop =
            match last with
            | None
            | Some -1 -> None // the last place of the axis: there is none behind it to stop before
            | Some place -> Some(place + 1)

        AxisIndex.Every(Option.toNullable first, Option.toNullable stop, 1)

    type Tensor with
        /// What stands behind `t[1..3]`, `t[0, *]` and the other slices.
        member t.GetSlice(a0: int option, a1: int option) : Tensor = t[range a0 a1]

        member t.GetSlice(a: int, b0: int option, b1: int option) : Tensor = t[at a, range b0 b1]

        member t.GetSlice(a0: int option, a1: int option, b: int) : Tensor = t[range a0 a1, at b]

        member t.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option) : Tensor =
            t[range a0 a1, range b0 b1]

        member t.GetSlice(a: int, b: int, c0: int option, c1: int option) : Tensor = t[at a, at b, range c0 c1]

        member t.GetSlice(a: int, b0: int option, b1: int option, c: int) : Tensor = t[at a, range b0 b1, at c]

        member t.GetSlice(a: int, b0: int option, b1: int option, c0: int option, c1: int option) : Tensor =
            t[at a, range b0 b1, range c0 c1]

        member t.GetSlice(a0: int option, a1: int option, b: int, c: int) : Tensor = t[range a0 a1, at b, at c]

        member t.GetSlice(a0: int option, a1: int option, b: int, c0: int option, c1: int option) : Tensor =
            t[range a0 a1, at b, range c0 c1]

        member t.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c: int) : Tensor =
            t[range a0 a1, range b0 b1, at c]

        member t.GetSlice
            (a0: int option, a1: int option, b0: int option, b1: int option, c0: int option, c1: int option)
            : Tensor =
            t[range a0 a1, range b0 b1, range c0 c1]

        member t.GetSlice(a: int, b: int, c: int, d0: int option, d1: int option) : Tensor =
            t[at a, at b, at c, range d0 d1]

        member t.GetSlice(a: int, b: int, c0: int option, c1: int option, d: int) : Tensor =
            t[at a, at b, range c0 c1, at d]

        member t.GetSlice(a: int, b: int, c0: int option, c1: int option, d0: int option, d1: int option) : Tensor =
            t[at a, at b, range c0 c1, range d0 d1]

        member t.GetSlice(a: int, b0: int option, b1: int option, c: int, d: int) : Tensor =
            t[at a, range b0 b1, at c, at d]

        member t.GetSlice(a: int, b0: int option, b1: int option, c: int, d0: int option, d1: int option) : Tensor =
            t[at a, range b0 b1, at c, range d0 d1]

        member t.GetSlice(a: int, b0: int option, b1: int option, c0: int option, c1: int option, d: int) : Tensor =
            t[at a, range b0 b1, range c0 c1, at d]

        member t.GetSlice
            (a: int, b0: int option, b1: int option, c0: int option, c1: int option, d0: int option, d1: int option)
            : Tensor =
            t[at a, range b0 b1, range c0 c1, range d0 d1]

        member t.GetSlice(a0: int option, a1: int option, b: int, c: int, d: int) : Tensor =
            t[range a0 a1, at b, at c, at d]

        member t.GetSlice(a0: int option, a1: int option, b: int, c: int, d0: int option, d1: int option) : Tensor =
            t[range a0 a1, at b, at c, range d0 d1]

        member t.GetSlice(a0: int option, a1: int option, b: int, c0: int option, c1: int option, d: int) : Tensor =
            t[range a0 a1, at b, range c0 c1, at d]

        member t.GetSlice
            (a0: int option, a1: int option, b: int, c0: int option, c1: int option, d0: int option, d1: int option)
            : Tensor =
            t[range a0 a1, at b, range c0 c1, range d0 d1]

        member t.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c: int, d: int) : Tensor =
            t[range a0 a1, range b0 b1, at c, at d]

        member t.GetSlice
            (a0: int option, a1: int option, b0: int option, b1: int option, c: int, d0: int option, d1: int option)
            : Tensor =
            t[range a0 a1, range b0 b1, at c, range d0 d1]

        member t.GetSlice
            (a0: int option, a1: int option, b0: int option, b1: int option, c0: int option, c1: int option, d: int)
            : Tensor =
            t[range a0 a1, range b0 b1, range c0 c1, at d]

        member t.GetSlice
            (
                a0: int option,
                a1: int option,
                b0: int option,
                b1: int option,
                c0: int option,
                c1: int option,
                d0: int option,
                d1: int option
            ) : Tensor =
            t[range a0 a1, range b0 b1, range c0 c1, range d0 d1]

namespace Implicit.Plotting

open System

/// How values are laid out along an axis.
type internal Scale =
    | Linear
    | Log

/// An interval of an axis, in the coordinate of its scale: the value itself, or its decimal logarithm.
[<Struct>]
type internal Axis = { Scale: Scale; Low: float; High: float }

module internal Scale =
    // Beyond this a difference of two values, or a power of ten near one, could overflow or vanish.
    let private largest = 1e300

    /// The coordinate of a value; NaN where the axis has no place for it.
    let forward scale value =
        match scale with
        | Linear when abs value <= largest -> value
        | Log when value > 0.0 && value <= largest -> log10 value
        | _ -> nan

    /// The value at a coordinate.
    let backward scale coordinate =
        match scale with
        | Linear -> coordinate
        | Log -> Math.Pow(10.0, coordinate)

    /// The derivative of `forward` at a value.
    let slope scale value =
        match scale with
        | Linear -> 1.0
        | Log -> 1.0 / (value * log 10.0)

module internal Axis =
    let private unit scale = { Scale = scale; Low = 0.0; High = 1.0 }

    // A range that floating point can hardly tell from one number gets room on both sides.
    let private widen axis =
        let magnitude = max (abs axis.Low) (abs axis.High)
        let span = axis.High - axis.Low
        let tiny = 1e-290

        let room =
            match axis.Scale with
            | Log when span < 1e-9 -> 0.5
            | Linear when magnitude < tiny -> 1.0
            | Linear when span < 1e-12 * magnitude || span < tiny -> 0.1 * magnitude
            | _ -> 0.0

        { axis with Low = axis.Low - room; High = axis.High + room }

    /// The smallest axis that holds all coordinates. NaN is passed over; no coordinate at all gives [0, 1].
    let fit scale (coordinates: seq<float>) =
        let mutable low = infinity
        let mutable high = -infinity

        for c in coordinates do
            if c < low then
                low <- c

            if c > high then
                high <- c

        if low > high then
            unit scale
        else
            widen { Scale = scale; Low = low; High = high }

    /// The axis between two values.
    let between scale low high = widen { Scale = scale; Low = Scale.forward scale low; High = Scale.forward scale high }

    /// The axis with a share of its length added at both ends.
    let pad share axis =
        let room = share * (axis.High - axis.Low)

        { axis with Low = axis.Low - room; High = axis.High + room }

    /// The axis made `factor` times as long about its middle.
    let stretch factor axis = pad ((factor - 1.0) / 2.0) axis

    /// Where a coordinate falls on the axis: 0 at its low end, 1 at its high end.
    let share axis coordinate = (coordinate - axis.Low) / (axis.High - axis.Low)

    /// The coordinate at a share of the axis.
    let at axis share = axis.Low + share * (axis.High - axis.Low)

namespace Implicit.Plotting

open System

/// From data to pixels, counted from the upper left corner of a panel's frame.
module internal Position =
    // Far outside the frame a position says nothing and would only make the file hard to read.
    let private near pixels = Math.Clamp(pixels, -1e5, 1e5)

    let private across placed value =
        near (placed.Frame.Width * Axis.share placed.XAxis (Scale.forward placed.XAxis.Scale value))

    let private down placed value =
        near (placed.Frame.Height * (1.0 - Axis.share placed.YAxis (Scale.forward placed.YAxis.Scale value)))

    /// Where points fall; NaN where an axis has no place for one.
    let ofPoints placed x y = Array.map2 (fun x y -> struct (across placed x, down placed y)) x y

    /// How many pixels a small vector (u, v) at the point (x, y) spans, so that it is tangent to curves as drawn.
    let ofVector placed (x, y) (u, v) =
        let perX = placed.Frame.Width / (placed.XAxis.High - placed.XAxis.Low)
        let perY = placed.Frame.Height / (placed.YAxis.High - placed.YAxis.Low)
        struct (u * Scale.slope placed.XAxis.Scale x * perX, -v * Scale.slope placed.YAxis.Scale y * perY)

    /// Whether a position has both its coordinates.
    let exists (struct (x: float, y: float)) = x = x && y = y

    /// Whether a position lies inside the frame.
    let isSeen placed (struct (x, y)) = x >= 0.0 && x <= placed.Frame.Width && y >= 0.0 && y <= placed.Frame.Height

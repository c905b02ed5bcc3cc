namespace Implicit.Plotting

/// Arrows of a vector field.
module internal Arrow =
    let private levels = 24

    let private point (x, y) = $"{Svg.number x} {Svg.number y}"

    /// An arrow about a middle, as path data: a shaft and a closed head.
    let trace (struct (x, y)) (struct (dx, dy)) =
        let length = sqrt (dx * dx + dy * dy)
        let ux, uy = dx / length, dy / length
        let head = min 5.5 (0.5 * length)
        let tip = x + dx / 2.0, y + dy / 2.0

        let back along aside = fst tip - along * ux - aside * uy, snd tip - along * uy + aside * ux

        let tail = point (back length 0.0)
        let neck = point (back (0.8 * head) 0.0)
        let left = point (back head (0.36 * head))
        let right = point (back head (-0.36 * head))
        $"M{tail}L{neck}M{point tip}L{left}L{right}Z"

    /// The attributes of arrows.
    let attributes colour (style: Style) =
        [
            "fill", colour
            "stroke", colour
            "stroke-width", Svg.number (0.55 * style.Width)
            "opacity", Svg.number style.Opacity
        ]

    let private norm (struct (dx, dy)) = sqrt (dx * dx + dy * dy)

    // The longest arrow nearly reaches the next point of an even grid.
    let private scaled placed normalised (vectors: struct (float * float)[]) =
        let lengths = vectors |> Array.map norm |> Array.filter (fun l -> l > 0.0 && l < infinity)
        let area = placed.Frame.Width * placed.Frame.Height
        let spacing = sqrt (area / float (max 1 vectors.Length))
        let longest = lengths |> Array.fold max 1e-300

        vectors
        |> Array.map (fun vector ->
            let struct (dx, dy) = vector

            let factor =
                if normalised then
                    0.62 * spacing / norm vector
                else
                    0.9 * spacing / longest

            struct (dx * factor, dy * factor))

    let private level range speed =
        let share = Axis.share range speed

        if share = share then
            int (round (share * float (levels - 1)))
        else
            0

    /// The arrows of a mark, coloured by their speed if `colours` has a map and its range.
    let draw placed colour colours style (arrows: Arrows) =
        let middles = Position.ofPoints placed arrows.X arrows.Y

        let vectors =
            Array.init arrows.X.Length (fun i ->
                Position.ofVector placed (arrows.X[i], arrows.Y[i]) (arrows.U[i], arrows.V[i]))
            |> scaled placed arrows.Normalised

        let paint =
            match colours with
            | Some(map, range) ->
                let speeds = Extent.speeds arrows
                fun i -> Colour.hex map (float (level range speeds[i]) / float (levels - 1))
            | None -> fun _ -> colour

        [
            for i in 0 .. middles.Length - 1 do
                if Position.isSeen placed middles[i] && norm vectors[i] >= 0.7 && norm vectors[i] < 1e5 then
                    paint i, trace middles[i] vectors[i]
        ]
        |> List.groupBy fst
        |> List.map (fun (colour, traces) ->
            let data = traces |> List.map snd |> String.concat ""
            Svg.path data (attributes colour style))

namespace Implicit.Plotting

/// The names of the marks beside a sample of each: between the axes where nothing lies under them, else over the frame.
module internal Legend =
    let private size = 11.0
    let private sample = 22.0
    let private sampleGap = 7.0
    let private entryGap = 16.0
    let private inset = 7.0
    let private margin = 8.0

    let private isListed (mark: Mark) =
        match mark.Shape with
        | Heat _ -> false
        | Quiver arrows -> mark.Name <> "" && not arrows.BySpeed
        | Line _
        | Scatter _ -> mark.Name <> ""

    // Marks of one name share an entry.
    let private names panel = panel.Marks |> List.filter isListed |> List.map _.Name |> List.distinct

    let private width name = sample + sampleGap + Svg.width size name

    // A legend is wider than this many pixels, so that no segment of this length slips under it unseen.
    let private stride = 6.0

    let private length (struct (x0: float, y0: float)) (struct (x1: float, y1: float)) =
        max (abs (x1 - x0)) (abs (y1 - y0))

    let private along a b =
        let struct (x0, y0), struct (x1, y1) = a, b
        let count = 1 + int (min 200.0 (length a b / stride))

        [|
            for i in 1 .. count - 1 ->
                let part = float i / float count
                struct (x0 + part * (x1 - x0), y0 + part * (y1 - y0))
        |]

    let private drawn placed (mark: Mark) =
        match mark.Shape with
        | Line(x, y) ->
            [|
                for run in Draw.runs placed x y do
                    yield! run

                    for a, b in Array.pairwise run do
                        yield! along a b
            |]
        | Scatter(x, y) -> Position.ofPoints placed x y
        | Quiver _
        | Heat _ -> [||]

    let private covered points (box: Box) =
        let isUnder (struct (x, y)) = x > box.X - 4.0 && x < box.Right + 4.0 && y > box.Y - 4.0 && y < box.Bottom + 4.0

        points |> Array.filter isUnder |> Array.length

    // Corners first, then the middles of the sides.
    let private places placed width height =
        let right = placed.Frame.Width - width - margin
        let bottom = placed.Frame.Height - height - margin
        let centre = (placed.Frame.Width - width) / 2.0
        let middle = (placed.Frame.Height - height) / 2.0

        [
            right, margin
            margin, margin
            right, bottom
            margin, bottom
            centre, margin
            centre, bottom
            right, middle
            margin, middle
        ]
        |> List.map (fun (x, y) -> { X = x; Y = y; Width = width; Height = height })

    // The first of the places under which least is drawn, and how much that is.
    let private best placed =
        let names = names placed.Panel
        let points = placed.Panel.Marks |> List.map (drawn placed) |> Array.concat
        let wide = 2.0 * inset + (names |> List.map width |> List.max)
        let high = 2.0 * inset - 2.0 + Measure.legendLine * float names.Length

        places placed wide high |> List.map (fun box -> box, covered points box) |> List.minBy snd

    let private rowWidth names = List.sumBy width names + entryGap * float (List.length names - 1)

    // Names in rows no wider than the frame, as far as one name alone is not.
    let private wrapped available names =
        let add name rows =
            match rows with
            | row :: others when rowWidth (row @ [ name ]) <= available -> (row @ [ name ]) :: others
            | _ -> [ name ] :: rows

        List.fold (fun rows name -> add name rows) [] names |> List.rev

    /// The panel with its legend over the frame if every place between the axes would hide something.
    let clear placed =
        match placed.Panel.Legend, names placed.Panel with
        | Hidden, _
        | Above _, _ -> placed.Panel
        | Inside, [] -> { placed.Panel with Legend = Hidden }
        | Inside, names when snd (best placed) > 0 ->
            { placed.Panel with Legend = Above(wrapped placed.Frame.Width names) }
        | Inside, _ -> placed.Panel

    let private glyph (x, y) (mark: Mark, colour) =
        let middle = x + sample / 2.0

        match mark.Shape with
        | Line _ ->
            let data = $"M{Svg.number x} {Svg.number y}H{Svg.number (x + sample)}"
            Svg.path data (Draw.stroke colour mark.Style)
        | Scatter _ -> Svg.circle (middle, y) (Draw.radius mark.Style) (Draw.dot colour mark.Style)
        | Quiver _
        | Heat _ -> Svg.path (Arrow.trace (middle, y) (0.8 * sample, 0.0)) (Arrow.attributes colour mark.Style)

    // One sample of each kind and colour, however many marks share the name.
    let private entry (painted: (Mark * string) list) (x, y) name =
        let kinds =
            painted
            |> List.filter (fun (mark, _) -> mark.Name = name && isListed mark)
            |> List.distinctBy (fun (mark, colour) -> mark.Shape.GetType(), colour)

        [
            for kind in kinds do
                glyph (x, y) kind

            Svg.text (x + sample + sampleGap, y + 0.35 * size) size [] name
        ]

    let private inside placed painted =
        let box = fst (best placed)
        let line i = box.Y + inset - 1.0 + (float i + 0.5) * Measure.legendLine

        let paper =
            [ "rx", "3"; "fill", "#ffffff"; "fill-opacity", "0.85"; "stroke", "#d0d0d0"; "stroke-width", "0.7" ]

        [
            Svg.rectangle box paper

            for i, name in List.indexed (names placed.Panel) do
                yield! entry painted (box.X + inset, line i) name
        ]

    let private above placed painted rows =
        let top =
            placed.Frame.Y - Measure.factorRoom placed.YTicks placed.Bars - Measure.legendRoom placed.Panel

        [
            for i, row in List.indexed rows do
                let left = placed.Frame.X + (placed.Frame.Width - rowWidth row) / 2.0
                let starts = row |> List.scan (fun x name -> x + width name + entryGap) left

                for x, name in Seq.zip starts row do
                    yield! entry painted (x, top + (float i + 0.25) * Measure.legendLine) name
        ]

    /// The legend of a panel whose marks are painted in these colours.
    let draw placed colours =
        let painted = List.zip placed.Panel.Marks colours

        match placed.Panel.Legend with
        | Hidden -> []
        | Inside -> [ Svg.window placed.Frame (inside placed painted) ]
        | Above rows -> above placed painted rows

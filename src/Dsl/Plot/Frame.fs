namespace Implicit.Plotting

/// What surrounds the marks of a panel: grid, frame, ticks, labels, title and colour bars.
module internal Frame =
    let private ink = "#444444"
    let private middle = [ "text-anchor", "middle" ]
    let private right = [ "text-anchor", "end" ]

    let private segment (x0, y0) (x1, y1) = $"M{Svg.number x0} {Svg.number y0}L{Svg.number x1} {Svg.number y1}"

    let private strokes colour width segments =
        Svg.path (String.concat "" segments) [ "fill", "none"; "stroke", colour; "stroke-width", width ]

    let private xs placed positions =
        positions |> Array.map (fun c -> placed.Frame.X + placed.Frame.Width * Axis.share placed.XAxis c)

    let private ys placed positions =
        positions
        |> Array.map (fun c -> placed.Frame.Bottom - placed.Frame.Height * Axis.share placed.YAxis c)

    /// Faint lines at the major ticks, for below the marks.
    let grid placed =
        let frame = placed.Frame

        [
            for x in xs placed placed.XTicks.Major -> segment (x, frame.Y) (x, frame.Bottom)
            for y in ys placed placed.YTicks.Major -> segment (frame.X, y) (frame.Right, y)
        ]
        |> strokes "#e8e8e8" "0.8"

    let private tickMarks placed =
        let frame = placed.Frame
        let down length x = segment (x, frame.Bottom) (x, frame.Bottom + length)
        let out length y = segment (frame.X - length, y) (frame.X, y)

        strokes
            ink
            "0.8"
            [
                yield! xs placed placed.XTicks.Major |> Array.map (down 4.0)
                yield! xs placed placed.XTicks.Minor |> Array.map (down 2.2)
                yield! ys placed placed.YTicks.Major |> Array.map (out 4.0)
                yield! ys placed placed.YTicks.Minor |> Array.map (out 2.2)
            ]

    let private tickText at attributes label = Svg.text at Measure.tickSize ([ "fill", ink ] @ attributes) label

    // The middle of a digit is about 0.35 of the size above its baseline.
    let private level y = y + 0.35 * Measure.tickSize

    let private tickLabels placed =
        let frame = placed.Frame
        let below = frame.Bottom + Measure.tickGap + 0.8 * Measure.tickSize

        [
            for x, label in Array.zip (xs placed placed.XTicks.Major) placed.XTicks.Labels do
                tickText (x, below) middle label

            for y, label in Array.zip (ys placed placed.YTicks.Major) placed.YTicks.Labels do
                tickText (frame.X - Measure.tickGap, level y) right label

            if placed.XTicks.Factor <> "" then
                tickText (frame.Right, below + Measure.labelSize + 5.0) right placed.XTicks.Factor

            if placed.YTicks.Factor <> "" then
                tickText (frame.X, frame.Y - 5.0) middle placed.YTicks.Factor
        ]

    let private upwards (x, y) size label =
        let turn = $"rotate(-90 {Svg.number x} {Svg.number y})"
        Svg.text (x, y) size (middle @ [ "transform", turn ]) label

    let private names placed =
        let frame = placed.Frame
        let centre = frame.X + frame.Width / 2.0
        let under = frame.Bottom + Measure.tickGap + Measure.tickSize + Measure.labelSize + 3.0
        let beside = frame.X - Measure.tickGap - Measure.widest placed.YTicks - 9.0


        let over =
            match placed.Panel.Legend with
            | Above _ -> Measure.legendRoom placed.Panel + Measure.factorRoom placed.YTicks placed.Bars
            | Hidden
            | Inside -> 0.0

        [
            if placed.Panel.XLabel <> "" then
                Svg.text (centre, under) Measure.labelSize middle placed.Panel.XLabel

            if placed.Panel.YLabel <> "" then
                upwards (beside, frame.Y + frame.Height / 2.0) Measure.labelSize placed.Panel.YLabel

            if placed.Panel.Title <> "" then
                Svg.text
                    (centre, frame.Y - over - 9.0)
                    Measure.titleSize
                    (middle @ [ "font-weight", "bold" ])
                    placed.Panel.Title
        ]

    let private outline box = Svg.rectangle box [ "fill", "none"; "stroke", ink; "stroke-width", "0.8" ]

    let private bar placed left (bar: Bar) =
        let box =
            {
                X = left + Measure.barGap
                Y = placed.Frame.Y
                Width = Measure.barWidth
                Height = placed.Frame.Height
            }

        let height c = box.Bottom - box.Height * Axis.share bar.Range c

        let shades = Raster.png bar.Map 1 255 (fun _ row -> 1.0 - float row / 254.0)
        let heights = bar.Ticks.Major |> Array.map height

        [
            Svg.image box shades
            outline box
            strokes ink "0.8" [ for y in heights -> segment (box.Right, y) (box.Right + 3.5, y) ]
            for y, label in Array.zip heights bar.Ticks.Labels do
                tickText (box.Right + Measure.tickGap, level y) [] label

            if bar.Ticks.Factor <> "" then
                tickText (box.X, box.Y - 5.0) [] bar.Ticks.Factor

            if bar.Name <> "" then
                let beside = box.Right + Measure.tickGap + Measure.widest bar.Ticks + Measure.labelSize + 1.0
                upwards (beside, box.Y + box.Height / 2.0) Measure.labelSize bar.Name
        ]

    let private bars placed =
        let place left each = bar placed left each, left + Measure.barRoom each

        List.mapFold place placed.Frame.Right placed.Bars |> fst |> List.concat

    /// Everything around the marks, for above them.
    let around placed =
        List.concat [ [ outline placed.Frame; tickMarks placed ]; tickLabels placed; names placed; bars placed ]

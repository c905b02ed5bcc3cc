namespace Implicit.Plotting

open System
open System.Text

/// Marks as elements, in pixels from the upper left corner of their panel's frame.
module internal Draw =
    /// The runs of points between those that have no place.
    let private pieces points =
        [
            let run = ResizeArray()

            for point in points do
                if Position.exists point then
                    run.Add point
                elif run.Count > 0 then
                    run.ToArray()
                    run.Clear()

            if run.Count > 0 then
                run.ToArray()
        ]

    let private yOf (struct (_: float, y: float)) = y
    let private columnOf (struct (x: float, _: float)) = floor x

    // In each pixel column a long line keeps its first, lowest, highest and last point, which draws the same pixels
    // (Jugel, Jerzak, Hackenbroich and Markl 2014, "M4: A Visualization-Oriented Time Series Data Aggregation").
    let private thin (points: struct (float * float)[]) =
        let kept = ResizeArray()
        let mutable first = 0

        while first < points.Length do
            let mutable last = first

            while last + 1 < points.Length && columnOf points[last + 1] = columnOf points[first] do
                last <- last + 1

            let run = [| first..last |]
            let low = run |> Array.minBy (fun i -> yOf points[i])
            let high = run |> Array.maxBy (fun i -> yOf points[i])

            for i in Array.sort (Array.distinct [| first; low; high; last |]) do
                kept.Add points[i]

            first <- last + 1

        kept.ToArray()

    /// The points of a line in pixels, in runs without a gap.
    let runs placed x y = Position.ofPoints placed x y |> pieces |> List.map thin

    let private trace (points: struct (float * float)[]) =
        let text = StringBuilder()

        points
        |> Array.iteri (fun i (struct (x, y)) ->
            let command = if i = 0 then "M" else "L"
            text.Append(command).Append(Svg.number x).Append(' ').Append(Svg.number y) |> ignore)

        text.ToString()

    let private dashes (style: Style) =
        match style.Dash with
        | Solid -> []
        | Dashed -> [ "stroke-dasharray", $"{Svg.number (3.5 * style.Width)} {Svg.number (2.8 * style.Width)}" ]
        | Dotted -> [ "stroke-dasharray", $"0.1 {Svg.number (2.2 * style.Width)}" ]

    let private opacity (style: Style) =
        if style.Opacity < 1.0 then
            [ "opacity", Svg.number style.Opacity ]
        else
            []

    /// The attributes of a line.
    let stroke colour (style: Style) =
        [
            "fill", "none"
            "stroke", colour
            "stroke-width", Svg.number style.Width
            "stroke-linejoin", "round"
            "stroke-linecap", (if style.Dash = Dashed then "butt" else "round")
        ]
        @ dashes style
        @ opacity style

    /// The attributes of a point.
    let dot colour style = [ "fill", colour; "stroke", "#ffffff"; "stroke-width", "0.6" ] @ opacity style

    /// The radius of a point.
    let radius (style: Style) = 1.6 * style.Width

    // A point between two gaps becomes a dot.
    let private line placed colour style x y =
        let lone, runs = runs placed x y |> List.partition (fun run -> run.Length = 1)

        [
            if not runs.IsEmpty then
                Svg.path (runs |> List.map trace |> String.concat "") (stroke colour style)

            for run in lone do
                let struct (x, y) = run[0]
                Svg.circle (x, y) style.Width ([ "fill", colour ] @ opacity style)
        ]

    let private scatter placed colour style x y =
        Position.ofPoints placed x y
        |> Array.filter (Position.isSeen placed)
        |> Array.map (fun (struct (x, y)) -> Svg.circle (x, y) (radius style) [])
        |> List.ofArray
        |> Svg.group (dot colour style)
        |> List.singleton

    /// The cell that each pixel's middle falls into, or -1.
    let private cellAt (axis: Axis) middles count =
        let skipped, edges = Extent.edges axis.Scale middles

        Array.init count (fun i ->
            let coordinate = Axis.at axis ((float i + 0.5) / float count)
            let found = Array.BinarySearch(edges, coordinate)
            let above = if found >= 0 then found + 1 else ~~~found

            if above <= 0 || above >= edges.Length then
                -1
            else
                skipped + above - 1)

    // Two picture elements a pixel keep the edges of cells sharp on fine screens.
    let private heat placed (cells: Cells) map range =
        let width = int (2.0 * placed.Frame.Width)
        let height = int (2.0 * placed.Frame.Height)
        let columns = cellAt placed.XAxis cells.X width
        let rows = cellAt placed.YAxis cells.Y height

        let shareAt column row =
            match columns[column], rows[height - 1 - row] with
            | -1, _
            | _, -1 -> nan
            | i, j -> Axis.share range (Scale.forward Linear (cells.Rows[j][i]))

        let whole = { X = 0.0; Y = 0.0; Width = placed.Frame.Width; Height = placed.Frame.Height }

        [ Svg.image whole (Raster.png map width height shareAt) ]

    /// The elements of a mark.
    let mark placed colour (mark: Mark) =
        match mark.Shape, Extent.colours mark with
        | Line(x, y), _ -> line placed colour mark.Style x y
        | Scatter(x, y), _ -> scatter placed colour mark.Style x y
        | Heat cells, Some(map, range) -> heat placed cells map range
        | Quiver arrows, colours -> Arrow.draw placed colour colours mark.Style arrows
        | Heat _, None -> []

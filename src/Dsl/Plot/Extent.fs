namespace Implicit.Plotting

/// What a mark covers: its points and cells in the coordinates of the axes, and its range of colour.
module internal Extent =
    /// The points with a place on both axes.
    let private points xScale yScale x y =
        Array.map2 (fun x y -> Scale.forward xScale x, Scale.forward yScale y) x y
        |> Array.filter (fun (x, y) -> x = x && y = y)

    /// How many of the ascending middles a scale has no place for, and the edges of the cells about the others.
    let edges scale (middles: float[]) : int * float[] =
        let all = middles |> Array.map (Scale.forward scale)
        let placed = all |> Array.filter (fun c -> c = c)
        let between = placed |> Array.pairwise |> Array.map (fun (a, b) -> (a + b) / 2.0)

        let edges =
            match placed with
            | [||] -> [||]
            | [| only |] -> [| only - 0.5; only + 0.5 |]
            | _ ->
                let first = 2.0 * placed[0] - between[0]
                let last = 2.0 * Array.last placed - Array.last between
                Array.concat [ [| first |]; between; [| last |] ]

        all.Length - placed.Length, edges

    let private corners xScale yScale (cells: Cells) =
        match snd (edges xScale cells.X), snd (edges yScale cells.Y) with
        | [||], _
        | _, [||] -> [||]
        | x, y -> [| x[0], y[0]; Array.last x, Array.last y |]

    /// Coordinates that together span the mark.
    let coordinates xScale yScale mark =
        match mark.Shape with
        | Line(x, y)
        | Scatter(x, y) -> points xScale yScale x y
        | Quiver arrows -> points xScale yScale arrows.X arrows.Y
        | Heat cells -> corners xScale yScale cells

    /// The lengths of the arrows in data units.
    let speeds (arrows: Arrows) = Array.map2 (fun u v -> sqrt (u * u + v * v)) arrows.U arrows.V

    let private fit values = values |> Seq.map (Scale.forward Linear) |> Axis.fit Linear

    let private ofCells (cells: Cells) =
        let range = fit (Seq.concat cells.Rows)

        match cells.Map with
        | Sequential -> range
        | Diverging ->
            let reach = max (abs range.Low) (abs range.High)

            { range with Low = -reach; High = reach }

    /// The map from numbers to colours and its range, for a mark that has one.
    let colours mark =
        match mark.Shape with
        | Heat cells -> Some(cells.Map, ofCells cells)
        | Quiver arrows when arrows.BySpeed -> Some(Sequential, fit (Array.append [| 0.0 |] (speeds arrows)))
        | _ -> None

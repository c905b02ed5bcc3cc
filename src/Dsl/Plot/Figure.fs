namespace Implicit.Plotting

open System

type internal Dash =
    | Solid
    | Dashed
    | Dotted

type internal Style = { Colour: string option; Dash: Dash; Width: float; Opacity: float }

/// Arrows (u, v) at the points (x, y).
type internal Arrows = { X: float[]; Y: float[]; U: float[]; V: float[]; Normalised: bool; BySpeed: bool }

/// Values on a grid: a row per y, a column per x; x and y are the middles of the cells.
type internal Cells = { X: float[]; Y: float[]; Rows: float[][]; Map: ColourMap }

type internal Shape =
    | Line of x: float[] * y: float[]
    | Scatter of x: float[] * y: float[]
    | Quiver of Arrows
    | Heat of Cells

/// <summary>What is drawn in a panel: a line, points, arrows or a heat map, with its name and style. Made by the functions of <c>Plot</c>.</summary>
[<NoComparison; NoEquality>]
type Mark =
    internal
        {
            Name: string
            Shape: Shape
            Style: Style
        }

    /// <summary>The kind of mark and its name.</summary>
    override mark.ToString() =
        let kind =
            match mark.Shape with
            | Line _ -> "line"
            | Scatter _ -> "scatter"
            | Quiver _ -> "quiver"
            | Heat _ -> "heat"

        if mark.Name = "" then kind else $"{kind} \"{mark.Name}\""

/// Where the names of the marks stand: nowhere, between the axes, or in rows over them.
type internal LegendPlace =
    | Hidden
    | Inside
    | Above of rows: string list list

/// One pair of axes and what is drawn between them.
[<NoComparison; NoEquality>]
type internal Panel =
    {
        Title: string
        Marks: Mark list
        XLabel: string
        YLabel: string
        XScale: Scale
        YScale: Scale
        XLimits: (float * float) option
        YLimits: (float * float) option
        EqualAspect: bool
        Legend: LegendPlace
    }

/// <summary>A picture: one panel or a grid of panels. Made by <c>Plot.panel</c> and <c>Plot.grid</c>, written by <c>Plot.save</c>.</summary>
[<NoComparison; NoEquality>]
type Figure =
    internal
        {
            Heading: string
            Panels: Panel list
            Columns: int
            /// Width and height of each panel in pixels, labels included.
            Size: float * float
        }

    /// <summary>The number of panels and their titles.</summary>
    override figure.ToString() =
        let titles = figure.Panels |> List.map (fun panel -> $"\"{panel.Title}\"")
        let noun = if titles.Length = 1 then "panel" else "panels"
        $"figure of {titles.Length} {noun}: " + String.concat ", " titles

/// Where the user's data enters: every series becomes an array here, once.
module internal Series =
    let private fail operation rule received = raise (ArgumentException $"[{operation}] {rule}. Received {received}.")

    let read (values: seq<float>) = Array.ofSeq values

    /// Series of a mark, all of one length.
    let together operation (named: (string * seq<float>) list) =
        let series = named |> List.map (fun (name, values) -> name, read values)
        let lengths = series |> List.map (fun (_, values) -> values.Length)

        if lengths |> List.distinct |> List.length > 1 then
            let names = named |> List.map fst |> String.concat ", "

            series
            |> List.map (fun (name, values) -> $"{values.Length} for {name}")
            |> String.concat ", "
            |> fail operation $"{names} must have the same number of values"

        series |> List.map snd

    let private ascending operation name (values: float[]) =
        if values |> Array.exists (fun v -> not (Double.IsFinite v)) then
            fail operation $"{name} must be finite" "NaN or an infinity"

        if values |> Array.pairwise |> Array.exists (fun (a, b) -> a >= b) then
            fail operation $"{name} must ascend" "values that do not"

    /// The cells of a heat map, a row per y and a column per x.
    let cells operation x y (rows: seq<#seq<float>>) =
        let x, y = read x, read y
        let rows = rows |> Seq.map read |> Array.ofSeq
        ascending operation "x" x
        ascending operation "y" y

        if rows.Length <> y.Length then
            fail operation "there must be a row for each y" $"{rows.Length} rows and {y.Length} for y"

        match rows |> Array.tryFindIndex (fun row -> row.Length <> x.Length) with
        | Some i ->
            fail operation "each row must have a value for each x" $"{rows[i].Length} in row {i} and {x.Length} for x"
        | None -> ()

        { X = x; Y = y; Rows = rows; Map = Sequential }

namespace Implicit

open System
open System.Globalization
open System.IO
open Implicit.Plotting

/// <summary>
/// Pictures for scripts. Marks (<c>line</c>, <c>scatter</c>, <c>quiver</c>, <c>heat</c>) go into a panel, panels into a grid, and
/// <c>save</c> writes SVG, which browsers and GitHub show as it is.
/// </summary>
/// <remarks>
/// Values that are NaN or infinite, or not positive on a logarithmic axis, break a line and are otherwise left out. Marks of one name
/// share a colour throughout a figure and one entry in the legend; a mark named "" has no entry. In every text <c>^{…}</c> raises and
/// <c>_{…}</c> lowers what stands in the braces.
/// </remarks>
/// <example>
/// <code>
/// [ Plot.line "true" ts xs; Plot.line "learned" ts ys |> Plot.dashed ]
/// |> Plot.panel "trajectory"
/// |> Plot.labels "t" "y"
/// |> Plot.save "spiral.svg"
/// </code>
/// </example>
[<RequireQualifiedAccess>]
module Plot =
    let private fail operation rule (received: obj) =
        let text = String.Format(CultureInfo.InvariantCulture, "{0}", received)
        raise (ArgumentException $"[Plot.{operation}] {rule}. Received {text}.")

    let private mark name shape : Mark =
        { Name = name; Shape = shape; Style = { Colour = None; Dash = Solid; Width = 1.8; Opacity = 1.0 } }

    let private points operation x y =
        match Series.together $"Plot.{operation}" [ "x", x; "y", y ] with
        | [ x; y ] -> x, y
        | _ -> fail operation "there must be two series" "others"

    /// <summary>A line through the points (x, y) in the order given.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="x">The abscissae.</param>
    /// <param name="y">The ordinates, as many as <paramref name="x"/>.</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">The series differ in length.</exception>
    let line (name: string) (x: seq<float>) (y: seq<float>) : Mark = mark name (Line(points "line" x y))

    /// <summary>A point at each (x, y).</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="x">The abscissae.</param>
    /// <param name="y">The ordinates, as many as <paramref name="x"/>.</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">The series differ in length.</exception>
    let scatter (name: string) (x: seq<float>) (y: seq<float>) : Mark = mark name (Scatter(points "scatter" x y))

    /// <summary>An arrow along (u, v) about each point (x, y). The longest arrow nearly reaches the next point of an even grid.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="x">The abscissae.</param>
    /// <param name="y">The ordinates, as many as <paramref name="x"/>.</param>
    /// <param name="u">The components of the arrows along x, as many as <paramref name="x"/>.</param>
    /// <param name="v">The components of the arrows along y, as many as <paramref name="x"/>.</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">The series differ in length.</exception>
    let quiver (name: string) (x: seq<float>) (y: seq<float>) (u: seq<float>) (v: seq<float>) : Mark =
        match Series.together "Plot.quiver" [ "x", x; "y", y; "u", u; "v", v ] with
        | [ x; y; u; v ] -> mark name (Quiver { X = x; Y = y; U = u; V = v; Normalised = false; BySpeed = false })
        | _ -> fail "quiver" "there must be four series" "others"

    let private evenly operation count (low: float, high: float) =
        if count < 2 then
            fail operation "there must be at least 2 points along each axis" count

        [| for i in 0 .. count - 1 -> low + float i / float (count - 1) * (high - low) |]

    /// <summary>The arrows of a vector field on a square grid of points.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="count">The number of points along each axis, at least 2.</param>
    /// <param name="xs">The first and the last abscissa.</param>
    /// <param name="ys">The first and the last ordinate.</param>
    /// <param name="f">The field: the vector at (x, y).</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">There are fewer than 2 points along an axis.</exception>
    let field
        (name: string)
        (count: int)
        (xs: float * float)
        (ys: float * float)
        (f: float -> float -> float * float)
        : Mark =
        let grid = Array.allPairs (evenly "field" count xs) (evenly "field" count ys)
        let x, y = Array.unzip grid
        let u, v = grid |> Array.map (fun (x, y) -> f x y) |> Array.unzip
        quiver name x y u v

    /// <summary>A heat map with a colour bar: the value of each cell as a colour.</summary>
    /// <param name="name">What the colour bar is labelled with.</param>
    /// <param name="x">The middles of the columns, ascending.</param>
    /// <param name="y">The middles of the rows, ascending.</param>
    /// <param name="values">A row for each y, lowest first, with a value for each x. NaN leaves its cell empty.</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">The shape of <paramref name="values"/> is not y by x, or x or y does not ascend.</exception>
    let heat (name: string) (x: seq<float>) (y: seq<float>) (values: seq<#seq<float>>) : Mark =
        mark name (Heat(Series.cells "Plot.heat" x y values))

    /// <summary>A function of two numbers as a heat map with a colour bar.</summary>
    /// <param name="name">What the colour bar is labelled with.</param>
    /// <param name="count">The number of cells along each axis, at least 2.</param>
    /// <param name="xs">The first and the last abscissa.</param>
    /// <param name="ys">The first and the last ordinate.</param>
    /// <param name="f">The function of x and y.</param>
    /// <returns>The mark.</returns>
    /// <exception cref="T:System.ArgumentException">There are fewer than 2 cells along an axis.</exception>
    let landscape
        (name: string)
        (count: int)
        (xs: float * float)
        (ys: float * float)
        (f: float -> float -> float)
        : Mark =
        let x = evenly "landscape" count xs
        let y = evenly "landscape" count ys
        heat name x y (y |> Array.map (fun y -> x |> Array.map (fun x -> f x y)))

    let private styled change (mark: Mark) : Mark = { mark with Style = change mark.Style }

    /// Makes a mark any colour that SVG knows, such as "#0072b2" or "black".
    let colour (colour: string) (mark: Mark) : Mark = mark |> styled (fun style -> { style with Colour = Some colour })

    /// Draws a line so many pixels wide; points and arrows grow alike. A line is 1.8 wide by itself.
    let width (pixels: float) (mark: Mark) : Mark =
        if not (pixels > 0.0) then
            fail "width" "the width must be positive" pixels

        mark |> styled (fun style -> { style with Width = pixels })

    /// Lets what lies below a mark shine through.
    let faded (mark: Mark) : Mark = mark |> styled (fun style -> { style with Opacity = 0.4 })

    let private dashing operation dash (mark: Mark) =
        match mark.Shape with
        | Line _ -> mark |> styled (fun style -> { style with Dash = dash })
        | _ -> fail operation "the mark must be a line" mark

    /// Draws a line in dashes.
    let dashed (mark: Mark) : Mark = dashing "dashed" Dashed mark

    /// Draws a line in dots.
    let dotted (mark: Mark) : Mark = dashing "dotted" Dotted mark

    let private arrows operation change (mark: Mark) : Mark =
        match mark.Shape with
        | Quiver arrows -> { mark with Shape = Quiver(change arrows) }
        | _ -> fail operation "the mark must be a quiver" mark

    /// Makes all arrows of a quiver equally long, so that slow parts of a field show their direction too.
    let normalised (mark: Mark) : Mark = mark |> arrows "normalised" (fun arrows -> { arrows with Normalised = true })

    /// Colours the arrows of a quiver by their length in data units, with a colour bar.
    let bySpeed (mark: Mark) : Mark = mark |> arrows "bySpeed" (fun arrows -> { arrows with BySpeed = true })

    /// Colours a heat map from blue through white at zero to red, for values of both signs.
    let diverging (mark: Mark) : Mark =
        match mark.Shape with
        | Heat cells -> { mark with Shape = Heat { cells with Map = Diverging } }
        | _ -> fail "diverging" "the mark must be a heat map" mark

    /// A figure of one panel with a title ("" for none), holding the marks in the order given.
    let panel (title: string) (marks: seq<Mark>) : Figure =
        let panel =
            {
                Title = title
                Marks = List.ofSeq marks
                XLabel = ""
                YLabel = ""
                XScale = Linear
                YScale = Linear
                XLimits = None
                YLimits = None
                EqualAspect = false
                Legend = Inside
            }

        { Heading = ""; Panels = [ panel ]; Columns = 1; Size = 400.0, 300.0 }

    let private each change (figure: Figure) : Figure = { figure with Panels = figure.Panels |> List.map change }

    /// Names the axes of every panel.
    let labels (x: string) (y: string) (figure: Figure) : Figure =
        figure |> each (fun panel -> { panel with XLabel = x; YLabel = y })

    let private positiveIfLog operation scale limits =
        match scale, limits with
        | Log, Some(low, high) when low <= 0.0 ->
            fail operation "a logarithmic axis must have positive limits" (low, high)
        | _ -> ()

    let private placeable operation (panel: Panel) =
        positiveIfLog operation panel.XScale panel.XLimits
        positiveIfLog operation panel.YScale panel.YLimits
        panel

    /// Makes the horizontal axes logarithmic.
    let logX (figure: Figure) : Figure = figure |> each (fun panel -> placeable "logX" { panel with XScale = Log })

    /// Makes the vertical axes logarithmic.
    let logY (figure: Figure) : Figure = figure |> each (fun panel -> placeable "logY" { panel with YScale = Log })

    let private ordered operation (low: float) (high: float) =
        if not (low < high && Double.IsFinite low && Double.IsFinite high) then
            fail operation "the limits must be finite and ascend" (low, high)

        Some(low, high)

    /// Shows the horizontal axes from `low` to `high` instead of all the data.
    let xlim (low: float) (high: float) (figure: Figure) : Figure =
        let limits = ordered "xlim" low high
        figure |> each (fun panel -> placeable "xlim" { panel with XLimits = limits })

    /// Shows the vertical axes from `low` to `high` instead of all the data.
    let ylim (low: float) (high: float) (figure: Figure) : Figure =
        let limits = ordered "ylim" low high
        figure |> each (fun panel -> placeable "ylim" { panel with YLimits = limits })

    /// Gives one unit of x and one unit of y the same length, so that circles are round.
    let equal (figure: Figure) : Figure = figure |> each (fun panel -> { panel with EqualAspect = true })

    /// Leaves out the legend.
    let noLegend (figure: Figure) : Figure = figure |> each (fun panel -> { panel with Legend = Hidden })

    /// Gives each panel, with its labels, so many pixels of width and height; 400 by 300 by default. Equal axes may leave some unused.
    let size (width: float) (height: float) (figure: Figure) : Figure =
        if not (min width height >= 100.0 && max width height <= 10000.0) then
            fail "size" "width and height must be from 100 to 10000 pixels" (width, height)

        { figure with Size = width, height }

    /// Puts a line over the whole figure.
    let heading (text: string) (figure: Figure) : Figure = { figure with Heading = text }

    /// The panels of several figures, row by row in so many columns; all get the largest width and height among them.
    let grid (columns: int) (figures: seq<Figure>) : Figure =
        let figures = List.ofSeq figures

        if columns < 1 then
            fail "grid" "there must be at least one column" columns

        if figures.IsEmpty then
            fail "grid" "there must be at least one figure" "none"

        {
            Heading = ""
            Panels = figures |> List.collect _.Panels
            Columns = columns
            Size = figures |> List.map (_.Size >> fst) |> List.max, figures |> List.map (_.Size >> snd) |> List.max
        }

    /// The figure as the text of an SVG document.
    let svg (figure: Figure) : string = Render.svg figure

    /// Writes the figure as an SVG file and makes its folder if there is none.
    let save (path: string) (figure: Figure) : unit =
        if not (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)) then
            fail "save" "the name of the file must end in .svg" path

        match Path.GetDirectoryName path with
        | null
        | "" -> ()
        | folder -> Directory.CreateDirectory folder |> ignore

        File.WriteAllText(path, svg figure)

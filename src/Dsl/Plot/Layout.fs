namespace Implicit.Plotting

/// A panel with the place of its frame and the axes along it.
type internal Placed =
    { Panel: Panel; Frame: Box; XAxis: Axis; YAxis: Axis; XTicks: Ticks; YTicks: Ticks; Bars: Bar list }

/// The panels of a figure in their places, and the size of the whole.
type internal Page = { Width: float; Height: float; Panels: Placed list }

/// Room around a frame for what is written there.
[<Struct>]
type internal Margins = { Left: float; Right: float; Top: float; Bottom: float }

module internal Layout =
    // Axes cut to the size their frame gets.
    type private Sized = { Panel: Panel; Width: float; Height: float; XAxis: Axis; YAxis: Axis }

    let private room text size = if text = "" then 0.0 else size

    // What the labels need if the frame takes most of its cell.
    let private margins (width, height) (panel: Panel) =
        let x, y = Measure.axes panel
        let tall = 0.75 * height
        let xTicks, yTicks = Measure.across (0.8 * width) x, Measure.upright tall y
        let bars = Measure.bars tall panel
        let title = room panel.Title (Measure.titleSize + 8.0)
        let factor = Measure.factorRoom yTicks bars
        let legend = Measure.legendRoom panel

        {
            Left = Measure.tickGap + Measure.widest yTicks + room panel.YLabel (Measure.labelSize + 8.0) + 8.0
            Right = 14.0 + List.sumBy Measure.barRoom bars
            // A title and a factor fit side by side; a legend does not fit beside either.
            Top =
                10.0
                + (if legend = 0.0 then
                       max title factor
                   else
                       title + legend + factor)
            Bottom =
                Measure.tickGap
                + Measure.tickSize
                + room (panel.XLabel + xTicks.Factor) (Measure.labelSize + 8.0)
                + 8.0
        }

    // One unit of x and of y get the same length: the frame shrinks, at most to 45 %,
    // and what is then missing is made up by a longer axis.
    let private equalise width height (x: Axis) (y: Axis) =
        let xSpan, ySpan = x.High - x.Low, y.High - y.Low
        let scale = min (width / xSpan) (height / ySpan)
        let w = max (0.45 * width) (scale * xSpan)
        let h = max (0.45 * height) (scale * ySpan)
        w, h, Axis.stretch (w / (scale * xSpan)) x, Axis.stretch (h / (scale * ySpan)) y

    let private size figure (margins: Margins) (panel: Panel) =
        let width = max 20.0 (fst figure.Size - margins.Left - margins.Right)
        let height = max 20.0 (snd figure.Size - margins.Top - margins.Bottom)
        let x, y = Measure.axes panel

        let width, height, x, y =
            if panel.EqualAspect then
                equalise width height x y
            else
                width, height, x, y

        { Panel = panel; Width = width; Height = height; XAxis = x; YAxis = y }

    // The lines of a grid: for each column or row the room before its frames, the frames, and the room after.
    let private starts first (lines: (float * float * float) list) =
        lines |> List.scan (fun at (before, inside, after) -> at + before + inside + after) first

    let private settle (left, width) (top, height) (sized: Sized) =
        {
            Panel = sized.Panel
            Frame =
                {
                    X = left + (width - sized.Width) / 2.0
                    Y = top + (height - sized.Height) / 2.0
                    Width = sized.Width
                    Height = sized.Height
                }
            XAxis = sized.XAxis
            YAxis = sized.YAxis
            XTicks = Measure.across sized.Width sized.XAxis
            YTicks = Measure.upright sized.Height sized.YAxis
            Bars = Measure.bars sized.Height sized.Panel
        }

    // Panels by the line of the grid they stand in, with the largest of what they need.
    let private largest pick line items =
        items
        |> List.groupBy (fun (i, _) -> line i)
        |> List.sortBy fst
        |> List.map (fun (_, members) -> members |> List.map (snd >> pick) |> List.max)

    /// The panels in their places: frames line up along rows and columns.
    let place (figure: Figure) =
        let column i = i % figure.Columns
        let row i = i / figure.Columns
        let needs = figure.Panels |> List.map (margins figure.Size) |> List.indexed
        let left, right = largest _.Left column needs, largest _.Right column needs
        let top, bottom = largest _.Top row needs, largest _.Bottom row needs

        let shared i = { Left = left[column i]; Right = right[column i]; Top = top[row i]; Bottom = bottom[row i] }

        let sized = figure.Panels |> List.mapi (fun i panel -> i, size figure (shared i) panel)
        let widths = largest (fun (s: Sized) -> s.Width) column sized
        let heights = largest (fun (s: Sized) -> s.Height) row sized
        let xs = List.zip3 left widths right |> starts 0.0
        let ys = List.zip3 top heights bottom |> starts (room figure.Heading (Measure.headingSize + 14.0))

        let inPlace (i, panel) =
            settle (xs[column i] + left[column i], widths[column i]) (ys[row i] + top[row i], heights[row i]) panel

        { Width = List.last xs; Height = List.last ys; Panels = List.map inPlace sized }

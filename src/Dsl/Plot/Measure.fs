namespace Implicit.Plotting

/// A colour bar beside a panel.
type internal Bar = { Name: string; Map: ColourMap; Range: Axis; Ticks: Ticks }

/// Sizes of what is written, in pixels, and what follows from them for axes and ticks.
module internal Measure =
    let headingSize = 15.0
    let titleSize = 13.0
    let labelSize = 12.0
    let tickSize = 10.5
    let barWidth = 11.0
    let barGap = 12.0

    /// From an axis to the near side of its tick labels.
    let tickGap = 7.0

    /// From one row of a legend to the next.
    let legendLine = 16.0

    /// The height of a legend over the frame.
    let legendRoom panel =
        match panel.Legend with
        | Above rows -> legendLine * float rows.Length
        | Hidden
        | Inside -> 0.0

    let private axis scale limits share coordinates =
        match limits with
        | Some(low, high) -> Axis.between scale low high
        | None -> coordinates |> Axis.fit scale |> Axis.pad share

    let private isHeat mark =
        match mark.Shape with
        | Heat _ -> true
        | _ -> false

    /// The axes of a panel. A heat map fills its frame; other marks keep off the edges.
    let axes panel =
        let spanned =
            panel.Marks |> List.toArray |> Array.collect (Extent.coordinates panel.XScale panel.YScale)

        let share = if List.exists isHeat panel.Marks then 0.0 else 0.04

        axis panel.XScale panel.XLimits share (Seq.map fst spanned),
        axis panel.YScale panel.YLimits share (Seq.map snd spanned)

    /// The width of the widest label.
    let widest ticks = ticks.Labels |> Seq.map (Svg.width tickSize) |> Seq.fold max 0.0

    /// Ticks up an axis of so many pixels.
    let upright height axis = Ticks.along (max 2 (int (height / 32.0))) axis

    let private fits width axis ticks =
        let room =
            ticks.Major
            |> Array.pairwise
            |> Array.map (fun (a, b) -> (b - a) / (axis.High - axis.Low) * width)
            |> Array.fold min width

        widest ticks + 14.0 <= room

    /// Ticks across an axis of so many pixels: as many as leave air between their labels.
    let across width axis =
        let candidates = [ for count in max 2 (int (width / 40.0)) .. -1 .. 1 -> Ticks.along count axis ]

        candidates |> List.tryFind (fits width axis) |> Option.defaultValue (List.last candidates)

    /// The colour bars of a panel whose frame is so many pixels high.
    let bars height panel =
        let bar mark =
            Extent.colours mark
            |> Option.map (fun (map, range) ->
                { Name = mark.Name; Map = map; Range = range; Ticks = upright height range })

        panel.Marks |> List.choose bar

    /// The width a colour bar takes, its labels and name included.
    let barRoom bar =
        let name = if bar.Name = "" then 0.0 else labelSize + 7.0
        barGap + barWidth + tickGap + widest bar.Ticks + name

    /// The height of a power of ten written over the frame.
    let factorRoom yTicks bars =
        if yTicks.Factor <> "" || bars |> List.exists (fun bar -> bar.Ticks.Factor <> "") then
            tickSize + 4.0
        else
            0.0

namespace Implicit.Plotting

/// A figure as an SVG document.
module internal Render =
    // Heat maps lie under arrows, and both under lines and points.
    let private depth (mark: Mark, _) =
        match mark.Shape with
        | Heat _ -> 0
        | Quiver _ -> 1
        | Line _
        | Scatter _ -> 2

    let private panel placed colours =
        let marks =
            List.zip placed.Panel.Marks colours
            |> List.sortBy depth
            |> List.collect (fun (mark, colour) -> Draw.mark placed colour mark)

        Svg.group
            []
            [
                Frame.grid placed
                Svg.window placed.Frame marks
                yield! Frame.around placed
                yield! Legend.draw placed colours
            ]

    let private heading width figure =
        if figure.Heading = "" then
            []
        else
            [
                Svg.text
                    (width / 2.0, Measure.headingSize + 8.0)
                    Measure.headingSize
                    [ "text-anchor", "middle"; "font-weight", "bold" ]
                    figure.Heading
            ]

    /// The text of the document.
    let svg figure =
        // Whether a legend finds room shows only once the frames have their places.
        let panels = (Layout.place figure).Panels |> List.map Legend.clear
        let page = Layout.place { figure with Panels = panels }

        let paper = { X = 0.0; Y = 0.0; Width = page.Width; Height = page.Height }

        Svg.document
            page.Width
            page.Height
            [
                Svg.rectangle paper [ "fill", "#ffffff" ]
                yield! heading page.Width figure
                yield! List.map2 panel page.Panels (Paint.assign figure.Panels)
            ]

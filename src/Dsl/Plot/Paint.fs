namespace Implicit.Plotting

/// Which colour each mark of a figure is drawn in.
module internal Paint =
    let private grey = "#8c8c8c"

    let private free taken =
        Colour.palette
        |> Array.tryFind (fun colour -> not (List.contains colour taken))
        |> Option.defaultValue Colour.palette[List.length taken % Colour.palette.Length]

    let private isPainted (mark: Mark) =
        match mark.Shape with
        | Line _
        | Scatter _ -> mark.Style.Colour.IsNone
        | Quiver _
        | Heat _ -> false

    // The colours that names bring along from earlier panels, as far as they differ from each other.
    let private kept (known: Map<string, string>) names =
        names
        |> List.choose (fun name -> known |> Map.tryFind name |> Option.map (fun colour -> name, colour))
        |> List.distinctBy snd

    let private mark (named: Map<string, string>, taken) (mark: Mark) =
        match mark.Style.Colour with
        | Some colour -> colour, (named, taken)
        | None when not (isPainted mark) -> grey, (named, taken)
        | None ->
            match Map.tryFind mark.Name named with
            | Some colour -> colour, (named, taken)
            | None ->
                let next = free taken

                next,
                ((if mark.Name = "" then
                      named
                  else
                      Map.add mark.Name next named),
                 next :: taken)

    // In a panel each name has a colour of its own, the one it had before where that is still free.
    let private panel known (panel: Panel) =
        let names =
            panel.Marks
            |> List.filter (fun mark -> mark.Name <> "" && isPainted mark)
            |> List.map _.Name
            |> List.distinct

        let kept = kept known names
        let colours, (named, _) = List.mapFold mark (Map.ofList kept, List.map snd kept) panel.Marks

        let remember all name colour =
            if Map.containsKey name all then
                all
            else
                Map.add name colour all

        colours, Map.fold remember known named

    /// The colours of the marks of each panel.
    let assign (panels: Panel list) = List.mapFold panel Map.empty panels |> fst

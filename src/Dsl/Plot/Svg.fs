namespace Implicit.Plotting

open System
open System.Globalization
open System.Text
open System.Text.RegularExpressions
open System.Xml
open System.Xml.Linq

/// A rectangle in pixels; y grows downwards.
[<Struct>]
type internal Box =
    {
        X: float
        Y: float
        Width: float
        Height: float
    }

    member box.Right = box.X + box.Width
    member box.Bottom = box.Y + box.Height

/// The elements of SVG that figures are made of.
module internal Svg =
    let private space = XNamespace.Get "http://www.w3.org/2000/svg"

    /// A length in pixels, to a hundredth, with a point whatever the culture.
    let number (value: float) = (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture)

    /// The text with characters that XML cannot hold replaced by U+FFFD.
    let private legal (text: string) =
        let builder = StringBuilder()

        for rune in text.EnumerateRunes() do
            let isLegal = not rune.IsBmp || XmlConvert.IsXmlChar(char rune.Value)
            builder.Append(if isLegal then rune.ToString() else "\uFFFD") |> ignore

        builder.ToString()

    /// An element with attributes and children.
    let element name (attributes: (string * string) list) (children: XElement list) =
        let result = XElement(space + name)

        for key, value in attributes do
            result.SetAttributeValue(XName.Get key, legal value)

        for child in children do
            result.Add child

        result

    let group attributes children = element "g" attributes children

    let private placed box =
        [ "x", number box.X; "y", number box.Y; "width", number box.Width; "height", number box.Height ]

    let rectangle box attributes = element "rect" (placed box @ attributes) []

    /// A part of the picture with its own origin, which cuts off what lies outside it.
    let window box children = element "svg" (placed box) children

    let path data attributes = element "path" (("d", data) :: attributes) []

    let circle (x, y) radius attributes =
        element "circle" ([ "cx", number x; "cy", number y; "r", number radius ] @ attributes) []

    /// A PNG stretched over a box.
    let image box (png: byte[]) =
        let data = "data:image/png;base64," + Convert.ToBase64String png
        element "image" (placed box @ [ "preserveAspectRatio", "none"; "href", data ]) []

    let private script = Regex(@"([\^_])\{([^}]*)\}", RegexOptions.CultureInvariant)

    // Text in runs with their height above the baseline: "10^{3}" is "10" at 0 and "3" raised.
    let private runs (text: string) =
        [
            let mutable start = 0

            for m in script.Matches text do
                if m.Index > start then
                    text.Substring(start, m.Index - start), 0

                m.Groups[2].Value, (if m.Groups[1].Value = "^" then 1 else -1)
                start <- m.Index + m.Length

            if start < text.Length then
                text.Substring start, 0
        ]

    let private rise size level =
        match level with
        | 1 -> -0.38 * size
        | -1 -> 0.22 * size
        | _ -> 0.0

    let private span size (before: int) (text: string, level: int) =
        let body = text.TrimStart ' '
        // Some renderers drop the spaces that a run begins with, so they become a distance.
        let gap = 0.28 * size * float (text.Length - body.Length)
        let shift = rise size level - rise size before
        let scale = if level = 0 then size else 0.72 * size
        let run = element "tspan" [ "dx", number gap; "dy", number shift; "font-size", number scale ] []
        run.Add(XText(legal body))
        run

    /// A line of text at a point; `^{…}` raises and `_{…}` lowers what stands in the braces.
    let text (x, y) size attributes (content: string) =
        let result = element "text" ([ "x", number x; "y", number y; "font-size", number size ] @ attributes) []

        let mutable before = 0

        for run in runs content do
            if snd run = 0 && before = 0 then
                result.Add(XText(legal (fst run)))
            else
                result.Add(span size before run)

            before <- snd run

        result

    let private advance (c: char) =
        if "iljtfrI.,:;|!'()[]/ ".Contains c then 0.3
        elif "mwMW".Contains c then 0.85
        elif Char.IsUpper c then 0.69
        else 0.56

    /// About how wide a text comes out in a common sans-serif face.
    let width size (content: string) =
        runs content
        |> List.sumBy (fun (text, level) ->
            let scale = if level = 0 then size else 0.72 * size
            scale * (text |> Seq.sumBy advance))

    /// The whole document.
    let document width height children =
        let root =
            element
                "svg"
                [
                    "width", number width
                    "height", number height
                    "viewBox", $"0 0 {number width} {number height}"
                    "font-family", "Helvetica, Arial, 'Liberation Sans', sans-serif"
                    "fill", "#222222"
                ]
                children

        root.ToString()

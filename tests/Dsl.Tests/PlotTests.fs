module Implicit.Tests.PlotTests

open System
open System.Globalization
open System.IO
open System.IO.Compression
open System.Threading
open System.Xml.Linq
open FsCheck
open Xunit
open Implicit.Testing
open Implicit
open Implicit.Plotting

let private svg (name: string) = XName.Get(name, "http://www.w3.org/2000/svg")

let private elements name figure = (XDocument.Parse(Plot.svg figure)).Descendants(svg name) |> List.ofSeq

let private attribute (name: string) (element: XElement) = (nonNull (element.Attribute(XName.Get name))).Value

let private texts figure = elements "text" figure |> List.map _.Value

let private isOneTwoFive (length: float) =
    let lead = length / 10.0 ** floor (log10 length + 1e-9)
    [ 1.0; 2.0; 5.0 ] |> List.exists (fun digit -> abs (lead - digit) < 1e-6)

// Any two finite numbers, from the smallest to the largest exponents.
let private axis scale (a: NormalFloat) (b: NormalFloat) =
    Axis.fit scale [ Scale.forward scale a.Get; Scale.forward scale b.Get ]

let private rises values = values |> Array.pairwise |> Array.forall (fun (a, b) -> a < b)

[<Property>]
let ``a step is the smallest of 1, 2, 5 times a power of ten that is long enough`` (NormalFloat x) =
    let wanted = abs x + 1e-30
    let step = Ticks.step wanted
    let length = Ticks.length step
    let below = if step.Digit = 5.0 then length / 2.5 else length / 2.0

    List.contains step.Digit [ 1.0; 2.0; 5.0 ] && length >= wanted * (1.0 - 1e-8) && below < wanted

[<Property>]
let ``linear ticks lie within the axis, ascend, and are 1, 2 or 5 times a power of ten apart`` a b (PositiveInt count) =
    let axis = axis Linear a b
    let count = 2 + count % 12
    let ticks = (Ticks.along count axis).Major

    let even =
        axis.High - axis.Low < 1e-6 * max (abs axis.Low) (abs axis.High)
        || ticks |> Array.pairwise |> Array.forall (fun (a, b) -> isOneTwoFive (b - a))

    rises ticks
    && even
    && ticks |> Array.forall (fun tick -> tick >= axis.Low && tick <= axis.High)
    && ticks.Length <= count + 1
    && ticks.Length >= count / 3

let private parse (label: string) = Double.Parse(label.Replace('−', '-'), CultureInfo.InvariantCulture)

[<Property>]
let ``a label times the factor is the place of its tick`` a b =
    let axis = axis Linear a b
    let ticks = Ticks.along 6 axis
    let exponent = ticks.Factor.Replace("×10^{", "").Replace("}", "")

    let factor =
        if exponent = "" then
            1.0
        else
            Math.Pow(10.0, parse exponent)

    let close (place, label) = abs (parse label * factor - place) <= 1e-9 * (axis.High - axis.Low) + 1e-14 * abs place

    Array.zip ticks.Major ticks.Labels |> Array.forall close

[<Property>]
let ``logarithmic ticks lie within the axis, ascend and have labels of their own`` (NormalFloat a) (NormalFloat b) =
    let axis = Axis.fit Log [ Scale.forward Log (abs a); Scale.forward Log (abs b) ]
    let ticks = Ticks.along 6 axis

    rises ticks.Major
    && Array.append ticks.Major ticks.Minor
       |> Array.forall (fun tick -> tick >= axis.Low - 1e-8 && tick <= axis.High + 1e-8)
    && (Array.distinct ticks.Labels).Length = ticks.Major.Length
    && ticks.Major.Length >= 2

[<Fact>]
let ``labels are written as a person would`` () =
    let labels low high = (Ticks.linear 5 low high).Labels |> List.ofArray
    Assert.Equal<string list>([ "−1.0"; "−0.5"; "0.0"; "0.5"; "1.0" ], labels -1.0 1.0)
    Assert.Equal<string list>([ "0"; "5000"; "10000" ], labels 0.0 12000.0)
    Assert.Equal<string list>([ "0"; "1"; "2" ], labels 0.0 2.9e-5)
    Assert.Equal("×10^{−5}", (Ticks.linear 5 0.0 2.9e-5).Factor)
    Assert.Equal<string[]>([| "0.01"; "0.1"; "1"; "10" |], (Ticks.log 6 -2.0 1.0).Labels)
    Assert.Equal<string[]>([| "10^{−6}"; "10^{−3}"; "10^{0}" |], (Ticks.log 3 -7.0 1.0).Labels)

let private marks (x: float list) (y: float list) =
    let n = min x.Length y.Length
    let x, y = List.take n x, List.take n y

    [
        Plot.line "line" x y
        Plot.line "dots" x y |> Plot.dotted
        Plot.scatter "points" x y
        Plot.quiver "arrows" x y y x
        Plot.quiver "speeds" x y y x |> Plot.normalised |> Plot.bySpeed
        Plot.heat "cells" [ 1.0; 2.0 ] [ 0.5 ] [ [ List.sum x; List.sum y ] ]
    ]

[<Property>]
let ``any numbers at all give a document without a number that is none``
    (x: float list)
    (y: float list)
    (choice: PositiveInt)
    (kind: PositiveInt)
    =
    let log = [ id; Plot.logX; Plot.logY; Plot.logX >> Plot.logY; Plot.equal ]

    let all = marks x y
    let figure = [ all[kind.Get % all.Length] ] |> Plot.panel "any" |> log[choice.Get % log.Length]
    let text = Plot.svg figure
    let document = XDocument.Parse text
    let numbers = [ "d"; "x"; "y"; "cx"; "cy"; "width"; "height"; "x1" ]

    document.Descendants()
    |> Seq.collect (fun element -> element.Attributes())
    |> Seq.filter (fun a -> List.contains a.Name.LocalName numbers)
    |> Seq.forall (fun a -> not (a.Value.Contains "NaN" || a.Value.Contains "∞" || a.Value.Contains 'E'))

[<Property>]
let ``any text can be a title, a label or a name`` (text: char list) =
    let text = String(Array.ofList ('\000' :: '\uD800' :: text))
    let figure = [ Plot.line text [ 0.0; 1.0 ] [ 0.0; 1.0 ] ] |> Plot.panel text |> Plot.labels text text

    (nonNull (XDocument.Parse(Plot.svg figure)).Root).Name.LocalName = "svg"

[<Fact>]
let ``markup in a text is escaped and read back unchanged`` () =
    let title = "<b> & \"c\" 'd' ∂L/∂θ"
    Assert.Contains(title, Plot.panel title [] |> texts)

[<Fact>]
let ``braces raise and lower`` () =
    let spans = Plot.panel "x^{2} and y_{1}" [] |> elements "tspan" |> List.map _.Value
    Assert.Equal<string list>([ "2"; "and y"; "1" ], spans)

[<Fact>]
let ``the culture of the machine does not change the document`` () =
    let figure = [ Plot.line "a" [ -1.5; 2.5 ] [ -1e7; 2e7 ] ] |> Plot.panel "t"
    let expected = Plot.svg figure
    let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
    culture.NumberFormat.NumberDecimalSeparator <- ","
    culture.NumberFormat.NegativeSign <- "~"
    let before = Thread.CurrentThread.CurrentCulture
    Thread.CurrentThread.CurrentCulture <- culture

    try
        Assert.Equal(expected, Plot.svg figure)
    finally
        Thread.CurrentThread.CurrentCulture <- before

let private linePaths figure =
    elements "path" figure
    |> List.filter (fun path -> path.Attribute(XName.Get "stroke-linejoin") |> isNull |> not)
    |> List.map (attribute "d")

let private count (c: char) (text: string) = text |> Seq.filter (fun d -> d = c) |> Seq.length

[<Fact>]
let ``a value that is none breaks the line and leaves its neighbours`` () =
    for gap in [ nan; infinity; -infinity ] do
        let broken = Plot.line "" [ 0.0; 1.0; 2.0; 3.0; 4.0 ] [ 0.0; 1.0; gap; 1.0; 0.0 ]
        let path = [ broken ] |> Plot.panel "" |> linePaths |> List.exactlyOne
        Assert.Equal(2, count 'M' path)
        Assert.Equal(2, count 'L' path)

[<Fact>]
let ``a point between gaps is drawn as a dot`` () =
    let figure = [ Plot.line "" [ 0.0; 1.0; 2.0 ] [ nan; 1.0; nan ] ] |> Plot.panel ""
    Assert.Single(elements "circle" figure) |> ignore

[<Fact>]
let ``a long line is thinned and keeps its extremes`` () =
    let x = Array.init 100_000 float
    let y = x |> Array.map (fun i -> if i = 54_321.0 then 9.0 else sin i)
    let path = [ Plot.line "" x y ] |> Plot.panel "" |> linePaths |> List.exactlyOne

    let heights =
        path.Split('L', 'M') |> Array.filter ((<>) "") |> Array.map (fun p -> float (p.Split(' ')[1]))

    Assert.InRange(heights.Length, 300, 2000)
    // The spike is the top of the axis, 4 % below the frame's edge.
    Assert.InRange(Array.min heights, 1.0, 20.0)

[<Fact>]
let ``marks of one name share a colour and an entry`` () =
    let x = [ 0.0; 1.0 ]

    let figure =
        Plot.grid
            2
            [
                Plot.panel "" [ Plot.line "a" x x; Plot.line "b" x x; Plot.line "b" x x ]
                Plot.panel "" [ Plot.line "b" x x; Plot.line "a" x x ]
            ]

    match Paint.assign figure.Panels with
    | [ [ a; b; again ]; [ b2; a2 ] ] ->
        Assert.Equal(a, a2)
        Assert.Equal(b, b2)
        Assert.Equal(b, again)
        Assert.NotEqual<string>(a, b)
    | other -> failwith $"{other}"

    Assert.Equal(2, texts figure |> List.filter ((=) "b") |> List.length)

[<Property>]
let ``different names in a panel differ in colour while the palette lasts`` (panels: NonNegativeInt list list) =
    let panel (names: NonNegativeInt list) =
        let names = names |> List.map (fun n -> string (n.Get % Colour.palette.Length)) |> List.distinct
        Plot.panel "" (names |> List.map (fun name -> Plot.line name [ 0.0 ] [ 0.0 ]))

    panels.IsEmpty
    || (Plot.grid 2 (List.map panel panels)).Panels
       |> Paint.assign
       |> List.forall (fun colours -> List.distinct colours = colours)

[<Fact>]
let ``equal axes give x and y one scale`` () =
    let x = [ 0.0; 3.0; 5.0 ]

    for figure in [ Plot.panel "" [ Plot.line "" x x ]; Plot.panel "" [ Plot.line "" x [ 0.0; 1.0; 100.0 ] ] ] do
        let placed = (Layout.place (Plot.equal figure)).Panels |> List.exactlyOne
        let across = placed.Frame.Width / (placed.XAxis.High - placed.XAxis.Low)
        let up = placed.Frame.Height / (placed.YAxis.High - placed.YAxis.Low)
        Assert.Equal(across, up, 9)

let private legend figure = (Layout.place figure).Panels |> List.map (Legend.clear >> _.Legend) |> List.exactlyOne

[<Fact>]
let ``a legend stands where nothing is drawn, else over the frame with all its names`` () =
    let x = [ for i in 0..100 -> float i ]
    let falling = Plot.line "falling" x (x |> List.map (fun x -> -x))
    Assert.Equal(Inside, Plot.panel "" [ falling ] |> legend)
    Assert.Equal(Hidden, Plot.panel "" [ falling ] |> Plot.noLegend |> legend)

    let names = [ for i in 1..9 -> $"series {i}" ]
    let everywhere = x |> List.map (fun x -> if x % 2.0 = 0.0 then 1.0 else 0.0)

    match names |> List.map (fun name -> Plot.line name x everywhere) |> Plot.panel "" |> legend with
    | Above rows ->
        Assert.Equal<string list>(names, List.concat rows)
        Assert.True(rows.Length > 1)
    | other -> failwith $"{other}"

[<Fact>]
let ``frames line up along the rows and columns of a grid`` () =
    let panel title high = [ Plot.line "" [ 0.0; 1.0 ] [ 0.0; high ] ] |> Plot.panel title

    let figure =
        Plot.grid 2 [ panel "a" 1.0; panel "" 12345.0 |> Plot.labels "x" "y"; panel "c" 1e-9; panel "" 2.0 ]

    match (Layout.place figure).Panels |> List.map _.Frame with
    | [ a; b; c; d ] ->
        Assert.Equal(a.Y, b.Y)
        Assert.Equal(a.Bottom, b.Bottom)
        Assert.Equal(a.X, c.X)
        Assert.Equal(b.X, d.X)
        Assert.True(a.Right < b.X && a.Bottom < c.Y)
    | other -> failwith $"{other}"

// The palette indices of a PNG written by Raster, row by row.
let private pixels (png: byte[]) width height =
    let at = Seq.findIndex (fun i -> png.AsSpan(i, 4).SequenceEqual "IDAT"B) (seq { 0 .. png.Length - 4 })

    use zlib =
        new ZLibStream(new MemoryStream(png, at + 4, png.Length - at - 4), CompressionMode.Decompress)

    Array.init height (fun _ ->
        let row = Array.zeroCreate<byte>(width + 1)
        zlib.ReadExactly(row.AsSpan())
        Assert.Equal(0uy, row[0])
        row[1..])

[<Fact>]
let ``a picture holds the palette index of each share`` () =
    let png = Raster.png Sequential 3 2 (fun column row -> if row = 1 then nan else float column / 2.0)
    Assert.Equal<byte[]>([| 0x89uy; 0x50uy; 0x4euy; 0x47uy |], png[..3])
    Assert.Equal<byte[][]>([| [| 1uy; 128uy; 255uy |]; [| 0uy; 0uy; 0uy |] |], pixels png 3 2)
    // The last chunk is always the same, its check sum included.
    Assert.Equal<byte[]>([| 0xaeuy; 0x42uy; 0x60uy; 0x82uy |], png[png.Length - 4 ..])

[<Fact>]
let ``the first row of a heat map is at the bottom`` () =
    let figure = [ Plot.heat "" [ 0.0; 1.0 ] [ 0.0; 1.0 ] [ [ 0.0; 1.0 ]; [ 2.0; nan ] ] ] |> Plot.panel ""
    let frame = ((Layout.place figure).Panels |> List.exactlyOne).Frame
    let width, height = int (2.0 * frame.Width), int (2.0 * frame.Height)
    let data = (elements "image" figure |> List.head |> attribute "href").Split(',')[1]
    let rows = pixels (Convert.FromBase64String data) width height
    let corners = [ rows[height - 1][0]; rows[height - 1][width - 1]; rows[0][0]; rows[0][width - 1] ]
    Assert.Equal<byte list>([ 1uy; 128uy; 255uy; 0uy ], corners)

[<Fact>]
let ``arrows are tangent to curves as drawn`` () =
    let figure =
        [ Plot.quiver "" [ 1.0 ] [ 1.0 ] [ 1.0 ] [ 1.0 ] ]
        |> Plot.panel ""
        |> Plot.xlim 0.0 2.0
        |> Plot.ylim 0.0 4.0

    let placed = (Layout.place figure).Panels |> List.exactlyOne
    let struct (across, down) = Position.ofVector placed (1.0, 1.0) (1.0, 1.0)
    Assert.Equal(placed.Frame.Width / 2.0, across, 9)
    Assert.Equal(-placed.Frame.Height / 4.0, down, 9)

let private refused expected (action: unit -> 'T) =
    Assert.Equal(expected, (Assert.ThrowsAny<ArgumentException>(fun () -> action () |> ignore)).Message)

let private line = Plot.line "a" [ 0.0; 1.0 ] [ 0.0; 1.0 ]

[<Fact>]
let ``series that do not fit are named`` () =
    refused "[Plot.line] x, y must have the same number of values. Received 1 for x, 2 for y." (fun () ->
        Plot.line "a" [ 1.0 ] [ 1.0; 2.0 ])

    refused
        "[Plot.quiver] x, y, u, v must have the same number of values. Received 1 for x, 1 for y, 1 for u, 0 for v."
        (fun () -> Plot.quiver "a" [ 1.0 ] [ 1.0 ] [ 1.0 ] [])

    refused "[Plot.heat] there must be a row for each y. Received 1 rows and 2 for y." (fun () ->
        Plot.heat "a" [ 1.0 ] [ 1.0; 2.0 ] [ [ 0.0 ] ])

    refused "[Plot.heat] x must ascend. Received values that do not." (fun () ->
        Plot.heat "a" [ 2.0; 1.0 ] [ 1.0 ] [ [ 0.0; 0.0 ] ])

[<Fact>]
let ``what a mark or a figure cannot be is named`` () =
    refused "[Plot.normalised] the mark must be a quiver. Received line \"a\"." (fun () -> Plot.normalised line)

    refused "[Plot.grid] there must be at least one column. Received 0." (fun () -> Plot.grid 0 [ Plot.panel "" [] ])

    refused "[Plot.logY] a logarithmic axis must have positive limits. Received (0, 1)." (fun () ->
        Plot.panel "" [ line ] |> Plot.ylim 0.0 1.0 |> Plot.logY)

    refused "[Plot.xlim] the limits must be finite and ascend. Received (1, 0)." (fun () ->
        Plot.panel "" [ line ] |> Plot.xlim 1.0 0.0)

    refused "[Plot.save] the name of the file must end in .svg. Received a.png." (fun () ->
        Plot.panel "" [] |> Plot.save "a.png")

[<Fact>]
let ``save makes the folder and writes the document`` () =
    let folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())
    let path = Path.Combine(folder, "figure.svg")
    let figure = Plot.panel "saved" []

    try
        Plot.save path figure
        Assert.Equal(Plot.svg figure, File.ReadAllText path)
    finally
        Directory.Delete(folder, true)

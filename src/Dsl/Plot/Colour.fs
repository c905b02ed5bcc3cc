namespace Implicit.Plotting

open System

/// How a number becomes a colour.
type internal ColourMap =
    | Sequential
    | Diverging

module internal Colour =
    /// Colours that people with any common form of colour blindness can tell apart
    /// (Okabe and Ito 2008, "Color Universal Design"); its yellow is left out, as it is faint on white.
    let palette = [| "#0072b2"; "#d55e00"; "#009e73"; "#cc79a7"; "#e69f00"; "#56b4e9"; "#4d4d4d" |]

    let private rgb (hex: string) =
        let channel i = Convert.ToByte(hex.Substring(i, 2), 16)
        struct (channel 0, channel 2, channel 4)

    // Viridis (van der Walt and Smith 2015), ten stops at even spacing.
    let private sequential =
        "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725".Split ' ' |> Array.map rgb

    // RdBu of ColorBrewer (Brewer 2003), from blue through near white to red.
    let private diverging =
        "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f".Split ' '
        |> Array.map rgb

    let private blend part (a: byte) (b: byte) = byte (round (float a + part * (float b - float a)))

    /// The colour at a share of a map; shares outside [0, 1] take the end's colour.
    let at map share =
        let stops =
            match map with
            | Sequential -> sequential
            | Diverging -> diverging

        let x = Math.Clamp(share, 0.0, 1.0) * float (stops.Length - 1)
        let i = min (int x) (stops.Length - 2)
        let struct (r0, g0, b0) = stops[i]
        let struct (r1, g1, b1) = stops[i + 1]
        let part = x - float i
        struct (blend part r0 r1, blend part g0 g1, blend part b0 b1)

    /// The colour at a share of a map as SVG writes it.
    let hex map share =
        let struct (r, g, b) = at map share
        $"#{r:x2}{g:x2}{b:x2}"

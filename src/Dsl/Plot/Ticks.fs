namespace Implicit.Plotting

open System
open System.Globalization

/// The ticks of an axis; positions are coordinates of its scale.
type internal Ticks =
    {
        Major: float[]
        Labels: string[]
        Minor: float[]
        /// A power of ten taken out of all labels, as text; empty when there is none.
        Factor: string
    }

/// A step of m·10ᵉ with m = 1, 2 or 5.
[<Struct>]
type internal Step = { Digit: float; Exponent: int }

module internal Ticks =
    let private power (exponent: int) = Math.Pow(10.0, float exponent)

    // Dividing by a whole power of ten rounds once, so 3 steps of 0.1 are 0.3 and not 0.30000000000000004.
    let private shift exponent whole =
        if exponent >= 0 then
            whole * power exponent
        else
            whole / power -exponent

    /// The smallest step of 1, 2 or 5 times a power of ten that is not below a positive length.
    let step length =
        let exponent = int (floor (log10 length))
        let lead = length / power exponent * (1.0 - 1e-9)

        match [ 1.0; 2.0; 5.0 ] |> List.tryFind (fun digit -> digit >= lead) with
        | Some digit -> { Digit = digit; Exponent = exponent }
        | None -> { Digit = 1.0; Exponent = exponent + 1 }

    /// The length of a step.
    let length step = shift step.Exponent step.Digit

    /// A number with a fixed count of decimals, in digits and signs that do not depend on the machine's culture.
    let number decimals (value: float) =
        let text = value.ToString("F" + string<int> decimals, CultureInfo.InvariantCulture)
        let isZero = text |> Seq.forall (fun c -> c = '0' || c = '.' || c = '-')

        if isZero then
            text.TrimStart '-'
        else
            text.Replace('-', '−')

    let private tenTo (exponent: int) = "10^{" + (string<int> exponent).Replace('-', '−') + "}"

    // Labels up to four digits before or three zeros after the point are plain; others share a power of ten.
    let private factorOf largest =
        if largest = 0.0 then
            0
        else
            let exponent = int (floor (log10 largest * (1.0 + 1e-12)))
            if exponent >= 5 || exponent < -3 then exponent else 0

    let private wholesWithin low high step =
        let size = length step

        [|
            for k in ceil (low / size - 1e-6) .. floor (high / size + 1e-6) do
                let tick = shift step.Exponent (k * step.Digit)

                if tick >= low && tick <= high then
                    k * step.Digit
        |]

    /// At most about `count` ticks at the multiples of a step of 1, 2 or 5 times a power of ten.
    let linear count low high =
        let step = step ((high - low) / float (max 1 count))
        let wholes = wholesWithin low high step
        let ticks = wholes |> Array.map (shift step.Exponent)

        let largest =
            if ticks.Length = 0 then
                0.0
            else
                ticks |> Array.map abs |> Array.max

        let factor = factorOf largest
        let decimals = max 0 (factor - step.Exponent)

        {
            Major = ticks
            Labels = wholes |> Array.map (fun w -> number decimals (shift (step.Exponent - factor) w))
            Minor = [||]
            Factor = if factor = 0 then "" else "×" + tenTo factor
        }

    let private powerLabel (digit: int, exponent: int) =
        if digit = 1 then
            tenTo exponent
        else
            $"{digit}×{tenTo exponent}"

    let private plainLabel (digit: int, exponent: int) = number (max 0 -exponent) (shift exponent (float digit))

    let private place (digit: int, exponent: int) = log10 (float digit) + float exponent

    let private onLog low high majors minors =
        let within tick = place tick >= low - 1e-9 && place tick <= high + 1e-9
        let majors = majors |> List.filter within
        let plain = majors |> List.forall (fun (_, exponent) -> exponent >= -3 && exponent < 4)

        {
            Major = majors |> List.map place |> Array.ofList
            Labels = majors |> List.map (if plain then plainLabel else powerLabel) |> Array.ofList
            Minor = minors |> List.filter within |> List.map place |> Array.ofList
            Factor = ""
        }

    let private decades low high = [ int (floor low) .. int (ceil high) ]

    let private digits chosen low high =
        [
            for exponent in decades low high do
                for digit in chosen -> digit, exponent
        ]

    let private wholeDecades count low high =
        let stride =
            [ 1; 2; 3; 5; 10; 20; 50; 100 ]
            |> List.tryFind (fun stride -> (high - low) / float stride <= float count)
            |> Option.defaultValue 200

        let tens = digits [ 1 ] low high
        let majors, between = tens |> List.partition (fun (_, exponent) -> exponent % stride = 0)
        onLog low high majors (if stride = 1 then digits [ 2..9 ] low high else between)

    let private parts low high = onLog low high (digits [ 1; 2; 5 ] low high) (digits [ 3; 4; 6; 7; 8; 9 ] low high)

    /// Ticks between two decimal logarithms: whole decades, else 1-2-5 in each decade, else even steps of the value.
    let log count low high =
        let tens = wholeDecades count low high
        let few = parts low high

        if tens.Major.Length >= 3 then
            tens
        elif few.Major.Length >= 3 then
            few
        else
            let even = linear count (Math.Pow(10.0, low)) (Math.Pow(10.0, high))

            { even with Major = even.Major |> Array.map log10 }

    /// The ticks of an axis, at most about `count` of them.
    let along count axis =
        match axis.Scale with
        | Linear -> linear count axis.Low axis.High
        | Log -> log count axis.Low axis.High

namespace Implicit.Plotting

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Text

/// Pictures made of pixels, as PNG (W3C, "Portable Network Graphics", third edition).
module internal Raster =
    // Annex D of the specification: the cyclic redundancy code of ISO 3309.
    let private table =
        Array.init 256 (fun n ->
            let mutable c = uint32 n

            for _ in 1..8 do
                c <- if c &&& 1u = 1u then 0xedb88320u ^^^ (c >>> 1) else c >>> 1

            c)

    let private check (bytes: byte[]) =
        let step c (b: byte) = table[int ((c ^^^ uint32 b) &&& 0xffu)] ^^^ (c >>> 8)

        Array.fold step 0xffffffffu bytes ^^^ 0xffffffffu

    let private word (value: uint32) =
        let bytes: byte[] = Array.zeroCreate 4
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(), value)
        bytes

    let private chunk (kind: string) (data: byte[]) =
        let body = Array.append (Encoding.ASCII.GetBytes kind) data
        Array.concat [ word (uint32 data.Length); body; word (check body) ]

    let private deflate (rows: byte[] seq) =
        use packed = new MemoryStream()

        using (new ZLibStream(packed, CompressionLevel.Optimal)) (fun zlib ->
            for row in rows do
                zlib.WriteByte 0uy // no filter: best for indexed colour (section 12.7)
                zlib.Write(row, 0, row.Length))

        packed.ToArray()

    // Index 0 is see-through; 1 to 255 run along the colour map.
    let private colours map =
        Array.init 256 (fun i -> Colour.at map (float (max 0 (i - 1)) / 254.0))
        |> Array.collect (fun (struct (r, g, b)) -> [| r; g; b |])

    let private index share =
        if share = share then
            byte (1.0 + round (254.0 * max 0.0 (min 1.0 share)))
        else
            0uy

    /// A picture through a colour map; `shareAt column row` is in [0, 1], or NaN for nothing.
    let png map width height (shareAt: int -> int -> float) =
        let signature = [| 137uy; 80uy; 78uy; 71uy; 13uy; 10uy; 26uy; 10uy |]
        let indexed8Bits = [| 8uy; 3uy; 0uy; 0uy; 0uy |]
        let header = Array.concat [ word (uint32 width); word (uint32 height); indexed8Bits ]

        let rows = Seq.init height (fun row -> Array.init width (fun column -> index (shareAt column row)))

        Array.concat
            [
                signature
                chunk "IHDR" header
                chunk "PLTE" (colours map)
                chunk "tRNS" [| 0uy |]
                chunk "IDAT" (deflate rows)
                chunk "IEND" [||]
            ]

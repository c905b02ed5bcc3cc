namespace Implicit

/// How a kernel slides over the spatial axes of a tensor: a list gives one number for all axes, or one for each.
/// Begin with `Convolution.defaults` and copy: `{ Convolution.defaults with Padding = [ 1 ] }`.
type Convolution =
    {
        /// Places from a window to the next.
        Stride: int list
        /// Places of zeros in front of and behind each axis.
        Padding: int list
        /// Places from an element of the kernel to the next.
        Dilation: int list
        /// Into how many parts channels and outputs are cut; each part of the outputs sees its part of the channels only.
        Groups: int
    }

/// Convolutions to copy.
[<RequireQualifiedAccess>]
module Convolution =
    /// Stride 1, no padding, no dilation, one group.
    let defaults = { Stride = [ 1 ]; Padding = [ 0 ]; Dilation = [ 1 ]; Groups = 1 }

/// Windows, convolutions, pooling and normalisation. Tensors hold the batch first, then channels, then space ("NCHW"), as in PyTorch and
/// DiffSharp.
[<AutoOpen>]
module Convolutions =
    let private listed (numbers: seq<int>) = ResizeArray numbers

    /// <summary>
    /// Convolution over the last axes (as usual in networks: cross-correlation, the kernel is not flipped), over one, two or more of them.
    /// </summary>
    /// <param name="convolution">Stride, padding, dilation and groups.</param>
    /// <param name="weight">[outputs; channels / groups; kernel…]: as many kernel extents as there are spatial axes.</param>
    /// <param name="x">[…; channels; spatial…].</param>
    /// <returns>[…; outputs; counts…] with counts ⌊(n + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1.</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes do not fit each other, or the kernel does not fit the padded axes.</exception>
    let conv (convolution: Convolution) (weight: Tensor) (x: Tensor) : Tensor =
        Tensor.Conv(
            x,
            weight,
            listed convolution.Stride,
            listed convolution.Padding,
            listed convolution.Dilation,
            convolution.Groups
        )

    /// <summary>The transpose of <c>conv</c> by x, also called fractionally strided convolution: each element spreads over a window.</summary>
    /// <param name="convolution">The convolution whose transpose this is.</param>
    /// <param name="weight">[channels; outputs / groups; kernel…]: the weight of that convolution.</param>
    /// <param name="x">[…; channels; spatial…].</param>
    /// <returns>[…; outputs; extents…] with extents (n − 1) stride − 2 padding + dilation (kernel − 1) + 1.</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes do not fit each other, or nothing is left inside the padding.</exception>
    let convTranspose (convolution: Convolution) (weight: Tensor) (x: Tensor) : Tensor =
        Tensor.ConvTranspose(
            x,
            weight,
            listed convolution.Stride,
            listed convolution.Padding,
            listed convolution.Dilation,
            convolution.Groups
        )

    /// The largest element of each window over the last axes, windows side by side: `x |> maxPool [ 2; 2 ]`.
    let maxPool (size: seq<int>) (x: Tensor) : Tensor = Tensor.MaxPool(x, listed size)

    /// <summary>The largest element of each window over the last axes.</summary>
    /// <param name="stride">Places from a window to the next: one number for all axes, or one for each.</param>
    /// <param name="padding">Places of −∞ in front of and behind each axis, at most half the size.</param>
    /// <param name="size">The extents of the window, one for each spatial axis.</param>
    /// <param name="x">[…; spatial…].</param>
    /// <returns>[…; counts…] with counts ⌊(n + 2 padding − size) / stride⌋ + 1.</returns>
    /// <exception cref="T:Implicit.TensorException">A window does not fit, or the numbers make no sense.</exception>
    let maxPoolWith (stride: seq<int>) (padding: seq<int>) (size: seq<int>) (x: Tensor) : Tensor =
        Tensor.MaxPool(x, listed size, listed stride, listed padding)

    /// The mean of each window over the last axes, windows side by side: `x |> avgPool [ 2; 2 ]`.
    let avgPool (size: seq<int>) (x: Tensor) : Tensor = Tensor.AvgPool(x, listed size)

    /// <summary>The mean of each window over the last axes; padding counts as zeros.</summary>
    /// <param name="stride">Places from a window to the next: one number for all axes, or one for each.</param>
    /// <param name="padding">Zeros in front of and behind each axis, at most half the size.</param>
    /// <param name="size">The extents of the window, one for each spatial axis.</param>
    /// <param name="x">[…; spatial…].</param>
    /// <returns>[…; counts…] with counts ⌊(n + 2 padding − size) / stride⌋ + 1.</returns>
    /// <exception cref="T:Implicit.TensorException">A window does not fit, or the numbers make no sense.</exception>
    let avgPoolWith (stride: seq<int>) (padding: seq<int>) (size: seq<int>) (x: Tensor) : Tensor =
        Tensor.AvgPool(x, listed size, listed stride, listed padding)

    /// <summary>Windows that slide along an axis, without copying: window p holds the places p·stride … p·stride + size − 1.</summary>
    /// <param name="axis">The axis to slide along.</param>
    /// <param name="size">Places in a window.</param>
    /// <param name="stride">Places from a window to the next.</param>
    /// <param name="x">[…; n; …].</param>
    /// <returns>[…; count; …; size]: the windows stand where the axis was, their elements last.</returns>
    /// <exception cref="T:Implicit.TensorException">No window fits the axis, or a number is less than 1.</exception>
    let windows (axis: int) (size: int) (stride: int) (x: Tensor) : Tensor = Tensor.Windows(x, axis, size, stride)

    /// <summary>Adds windows to an axis, each at its place: the transpose of <c>windows</c>.</summary>
    /// <param name="axis">The axis that counts the windows.</param>
    /// <param name="extent">The extent of the result along that axis.</param>
    /// <param name="stride">Places from a window to the next.</param>
    /// <param name="x">[…; count; …; size]: the elements of the windows last.</param>
    /// <returns>[…; extent; …].</returns>
    /// <exception cref="T:Implicit.TensorException">The extent holds another number of windows, or a number is less than 1.</exception>
    let overlapAdd (axis: int) (extent: int) (stride: int) (x: Tensor) : Tensor =
        Tensor.OverlapAdd(x, axis, extent, stride)

    /// Each item, which is the last axes of x, so many of them, at mean 0 and variance 1 (Ba, Kiros and Hinton 2016): `x |> layerNorm 1`.
    let layerNorm (axes: int) (x: Tensor) : Tensor = Tensor.LayerNorm(x, axes)

    /// Each group of the channels of each item at mean 0 and variance 1, for x of shape [batch; channels; spatial…] (Wu and He 2018).
    let groupNorm (groups: int) (x: Tensor) : Tensor = Tensor.GroupNorm(x, groups)

    /// The largest singular value of a matrix, by which it stretches a vector at most.
    let spectralNorm (a: Tensor) : Tensor = Tensor.SpectralNorm a

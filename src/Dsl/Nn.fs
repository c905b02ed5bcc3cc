namespace Implicit

/// <summary>Small networks whose parameters are values: a record of tensors that <c>grad</c> differentiates and <c>Optim</c> updates.</summary>
/// <example>
/// <code>
/// let net = key 0 |> Nn.mlp [ 2; 50; 2 ] tanh
/// let y = x |> Nn.forward net
/// </code>
/// </example>
[<RequireQualifiedAccess>]
module Nn =
    /// Draws the weights of a layer: from how many inputs an output is made, how many outputs an input goes to, the shape, and a key.
    type Initialiser = int -> int -> seq<int> -> RandomKey -> Tensor

    /// A convolution with a bias for each output. Tensors hold the batch first, then channels, then space, as in PyTorch.
    type Conv =
        {
            /// [outputs; channels / groups; kernel…]
            Weight: Tensor
            /// [outputs]
            Bias: Tensor
            /// Stride, padding, dilation and groups.
            Convolution: Convolution
        }

    /// A scale and a shift, learned, that follow a normalisation.
    type Affine =
        {
            /// [channels], or the shape of an item
            Scale: Tensor
            /// as Scale
            Shift: Tensor
        }

    /// x W + b.
    type Linear =
        {
            /// [inputs; outputs]
            Weight: Tensor
            /// [outputs]
            Bias: Tensor
        }

    /// Layers with an activation between them, none after the last.
    [<NoComparison; NoEquality>]
    type Mlp =
        {
            /// First layer first.
            Layers: Linear list
            /// What stands between two layers.
            Activation: Tensor -> Tensor
        }

    /// Weights from N(0, σ²).
    let normal (deviation: float) : Initialiser = fun _ _ shape key -> deviation * Random.normal shape key

    /// Weights uniform on [−limit, limit].
    let uniform (limit: float) : Initialiser = fun _ _ shape key -> Random.uniform -limit limit shape key

    /// Weights uniform with variance 2 / (inputs + outputs), for saturating activations (Glorot and Bengio 2010, eq. 16).
    let glorot: Initialiser =
        fun inputs outputs -> uniform (sqrt (6.0 / float (inputs + outputs))) inputs outputs

    /// Weights from N(0, 2 / inputs), for rectifiers (He et al. 2015, eq. 10).
    let he: Initialiser = fun inputs outputs -> normal (sqrt (2.0 / float inputs)) inputs outputs

    /// A layer with weights from an initialiser and biases of zero.
    let linear (initialiser: Initialiser) (inputs: int) (outputs: int) (key: RandomKey) : Linear =
        { Weight = initialiser inputs outputs [ inputs; outputs ] key; Bias = zeros [ outputs ] }

    /// x W + b for x of shape […; inputs].
    let apply (layer: Linear) (x: Tensor) : Tensor = x *@ layer.Weight + layer.Bias

    /// <summary>A network of linear layers with weights from an initialiser.</summary>
    /// <param name="initialiser">Draws the weights of each layer; biases begin at zero.</param>
    /// <param name="sizes">The widths from input to output, at least two.</param>
    /// <param name="activation">What stands between two layers.</param>
    /// <param name="key">Where the weights come from.</param>
    /// <returns>The parameters.</returns>
    /// <exception cref="T:Implicit.TensorException">There are fewer than two sizes.</exception>
    let mlpWith (initialiser: Initialiser) (sizes: int list) (activation: Tensor -> Tensor) (key: RandomKey) : Mlp =
        if sizes.Length < 2 then
            raise (TensorException $"[Nn.mlp] there must be at least two sizes. Received {sizes}.")

        {
            Layers =
                (List.pairwise sizes, splitMany (sizes.Length - 1) key)
                ||> List.map2 (fun (inputs, outputs) key -> linear initialiser inputs outputs key)
            Activation = activation
        }

    /// A network of linear layers, initialised by Glorot and Bengio's rule: `key 0 |> Nn.mlp [ 2; 50; 2 ] tanh`.
    let mlp (sizes: int list) (activation: Tensor -> Tensor) (key: RandomKey) : Mlp =
        mlpWith glorot sizes activation key

    /// The output of a network for x of shape […; inputs].
    let forward (net: Mlp) (x: Tensor) : Tensor =
        match net.Layers with
        | [] -> x
        | first :: rest -> rest |> List.fold (fun x layer -> apply layer (net.Activation x)) (apply first x)

    let private convolutionOver axes (initialiser: Initialiser) channels outputs size key convolution : Conv =
        if convolution.Groups < 1 || channels % convolution.Groups <> 0 || outputs % convolution.Groups <> 0 then
            raise (
                TensorException
                    $"[Nn.conv{axes}d] the groups must divide channels and outputs. Received {convolution.Groups} groups, {channels} channels and {outputs} outputs."
            )

        let kernel = List.replicate axes size
        let places = List.reduce (*) kernel
        let seen, reached = places * channels / convolution.Groups, places * outputs / convolution.Groups

        {
            Weight = key |> initialiser seen reached (outputs :: channels / convolution.Groups :: kernel)
            Bias = zeros [ outputs ]
            Convolution = convolution
        }

    /// <summary>A convolution along a line, with weights from an initialiser and biases of zero.</summary>
    /// <param name="convolution">Stride, padding, dilation and groups.</param>
    /// <param name="initialiser">Draws the weights.</param>
    /// <param name="channels">Channels of the input, a multiple of the groups.</param>
    /// <param name="outputs">Channels of the output, a multiple of the groups.</param>
    /// <param name="size">The extent of the kernel.</param>
    /// <param name="key">Where the weights come from.</param>
    /// <returns>The layer; <c>Nn.convolve</c> applies it.</returns>
    /// <exception cref="T:Implicit.TensorException">The groups do not divide the channels or the outputs.</exception>
    let conv1d
        (convolution: Convolution)
        (initialiser: Initialiser)
        (channels: int)
        (outputs: int)
        (size: int)
        (key: RandomKey)
        : Conv =
        convolution |> convolutionOver 1 initialiser channels outputs size key

    /// <summary>A convolution over images, with a square kernel, weights from an initialiser and biases of zero.</summary>
    /// <param name="convolution">Stride, padding, dilation and groups.</param>
    /// <param name="initialiser">Draws the weights.</param>
    /// <param name="channels">Channels of the input, a multiple of the groups.</param>
    /// <param name="outputs">Channels of the output, a multiple of the groups.</param>
    /// <param name="size">The height and the width of the kernel.</param>
    /// <param name="key">Where the weights come from.</param>
    /// <returns>The layer; <c>Nn.convolve</c> applies it.</returns>
    /// <exception cref="T:Implicit.TensorException">The groups do not divide the channels or the outputs.</exception>
    let conv2d
        (convolution: Convolution)
        (initialiser: Initialiser)
        (channels: int)
        (outputs: int)
        (size: int)
        (key: RandomKey)
        : Conv =
        convolution |> convolutionOver 2 initialiser channels outputs size key

    /// Numbers for the channels, of shape [channels], beside a tensor [batch; channels; spatial…].
    let private perChannel (x: Tensor) (numbers: Tensor) =
        numbers |> reshape (numbers.Length :: List.replicate (x.Rank - 2) 1)

    /// The output of a convolution for x of shape [batch; channels; spatial…].
    let convolve (layer: Conv) (x: Tensor) : Tensor =
        let y = x |> conv layer.Convolution layer.Weight
        y + perChannel y layer.Bias

    /// The largest element of each square of so many places a side, side by side, for x of shape [batch; channels; height; width].
    let maxPool2d (size: int) (x: Tensor) : Tensor = maxPool [ size; size ] x

    /// The mean of each square of so many places a side, side by side, for x of shape [batch; channels; height; width].
    let avgPool2d (size: int) (x: Tensor) : Tensor = avgPool [ size; size ] x

    /// Scales of 1 and shifts of 0, of a shape: `[ channels ]` for `groupNorm`, the shape of an item for `layerNorm`.
    let affine (shape: seq<int>) : Affine = { Scale = ones shape; Shift = zeros shape }

    /// Layer normalisation of items, which are the last axes of x and have the shape of the scale, then scale and shift.
    let layerNorm (affine: Affine) (x: Tensor) : Tensor = layerNorm affine.Scale.Rank x * affine.Scale + affine.Shift

    /// Group normalisation of x of shape [batch; channels; spatial…], then a scale and a shift for each channel.
    let groupNorm (groups: int) (affine: Affine) (x: Tensor) : Tensor =
        groupNorm groups x * perChannel x affine.Scale + perChannel x affine.Shift

    /// <summary>
    /// Spectral normalisation: a weight divided by its spectral norm, which power iteration estimates, so that a layer does not stretch.
    /// <c>weight / spectralNorm weight</c> is the same exactly, by the singular value decomposition of a matrix.
    /// </summary>
    /// <param name="steps">Steps of power iteration; 1 is enough where u comes from the call before.</param>
    /// <param name="u">[n]: the vector of the call before; any but 0 to begin with, such as a normal one.</param>
    /// <param name="weight">[n; …]: a matrix, or the weight of a convolution as a matrix of n rows.</param>
    /// <returns>The weight divided by its norm (a weight of zeros stays), and the vector for the next call.</returns>
    /// <exception cref="T:Implicit.TensorException">The vector's length is not n, or there is no step.</exception>
    /// <remarks>
    /// T. Miyato et al., "Spectral normalization for generative adversarial networks" (2018), algorithm 1. In training, carry u beside the
    /// parameters as a value: it is not one of them.
    /// </remarks>
    let spectralNorm (steps: int) (u: Tensor) (weight: Tensor) : Tensor * Tensor =
        let struct (norm, next) =
            Tensor.SpectralNorm(weight |> reshape [ weight.Shape[0]; weight.Length / weight.Shape[0] ], u, steps)

        weight / where (norm .== 0.0) 1.0 norm, next

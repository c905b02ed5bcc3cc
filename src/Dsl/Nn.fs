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
    /// Draws the weights of a layer from a key: for inputs, outputs and a key, a matrix of shape [inputs; outputs].
    type Initialiser = int -> int -> RandomKey -> Tensor

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
    let normal (deviation: float) : Initialiser =
        fun inputs outputs key -> deviation * Random.normal [ inputs; outputs ] key

    /// Weights uniform on [−limit, limit].
    let uniform (limit: float) : Initialiser =
        fun inputs outputs key -> Random.uniform -limit limit [ inputs; outputs ] key

    /// Weights uniform with variance 2 / (inputs + outputs), for saturating activations (Glorot and Bengio 2010, eq. 16).
    let glorot: Initialiser =
        fun inputs outputs -> uniform (sqrt (6.0 / float (inputs + outputs))) inputs outputs

    /// Weights from N(0, 2 / inputs), for rectifiers (He et al. 2015, eq. 10).
    let he: Initialiser = fun inputs outputs -> normal (sqrt (2.0 / float inputs)) inputs outputs

    /// A layer with weights from an initialiser and biases of zero.
    let linear (initialiser: Initialiser) (inputs: int) (outputs: int) (key: RandomKey) : Linear =
        { Weight = initialiser inputs outputs key; Bias = zeros [ outputs ] }

    /// x W + b for x of shape […; inputs].
    let apply (layer: Linear) (x: Tensor) : Tensor = x *@ layer.Weight + layer.Bias

    /// <summary>A network of linear layers with weights from an initialiser.</summary>
    /// <param name="initialiser">Draws the weights of each layer; biases begin at zero.</param>
    /// <param name="sizes">The widths from input to output, at least two.</param>
    /// <param name="activation">What stands between two layers.</param>
    /// <param name="key">Where the weights come from.</param>
    /// <returns>The parameters.</returns>
    /// <exception cref="T:System.ArgumentException">There are fewer than two sizes.</exception>
    let mlpWith (initialiser: Initialiser) (sizes: int list) (activation: Tensor -> Tensor) (key: RandomKey) : Mlp =
        if sizes.Length < 2 then
            invalidArg (nameof sizes) $"[Nn.mlp] there must be at least two sizes. Received {sizes}."

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

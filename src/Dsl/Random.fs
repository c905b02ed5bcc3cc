namespace Implicit

/// Random numbers from keys: the same key gives the same numbers, everywhere. Draw from a key once; for more, split it.
[<AutoOpen>]
module Random =
    /// The key of a seed.
    let key (seed: int) : RandomKey = RandomKey.Of(int64 seed)

    /// Two new keys, independent of each other and of the numbers that this one gives.
    let split (key: RandomKey) : RandomKey * RandomKey = key.Fold 0L, key.Fold 1L

    /// So many new keys. For `vmap` they come as one: `vmap (fun key -> normal [ 3 ] key) (key.Batch count)`.
    let splitMany (count: int) (key: RandomKey) : RandomKey list = key.Split count |> List.ofArray

    /// The key that belongs to this one and a number, such as that of a training step. Those of 0 and 1 are the two of `split`, and those of the numbers
    /// from 0 on the keys of `splitMany`: split a key or fold numbers into it, not both.
    let foldIn (number: int) (key: RandomKey) : RandomKey = key.Fold(int64 number)

    /// Numbers of the standard normal distribution: `key 0 |> normal [ 3; 4 ]`.
    let normal (shape: seq<int>) (key: RandomKey) : Tensor = Tensor.Normal(key, Shape.Of shape)

    /// Numbers uniform between two bounds; the lower may occur.
    let uniform (low: float) (high: float) (shape: seq<int>) (key: RandomKey) : Tensor =
        Tensor.Uniform(key, Shape.Of shape, scalar low, scalar high)

    /// Whole numbers uniform on low, …, high − 1, as int64.
    let randint (low: int) (high: int) (shape: seq<int>) (key: RandomKey) : Tensor =
        Tensor.Randint(key, int64 low, int64 high, Shape.Of shape)

    /// Truth values, each true with a probability.
    let bernoulli (probability: float) (shape: seq<int>) (key: RandomKey) : Tensor =
        Tensor.Bernoulli(key, scalar probability, Shape.Of shape)

    /// Places along the last axis, as int64, each as likely as the softmax of the logits says.
    let categorical (logits: Tensor) (key: RandomKey) : Tensor = Tensor.Categorical(key, logits)

    /// The numbers 0, …, count − 1 in random order, as int64; to shuffle a tensor, `gather` by it.
    let permutation (count: int) (key: RandomKey) : Tensor = Tensor.Permutation(key, count)

    /// Sets elements to zero, each with the probability `rate`, and divides the others by 1 − rate, so that the mean stays. For training only.
    let dropout (rate: float) (key: RandomKey) (x: Tensor) : Tensor = Tensor.Dropout(key, x, rate)

namespace Implicit

open System

/// <summary>
/// Gradient descent on any tree of tensors: an optimiser is a value, its state another, a step a function of both. Numbers that no descent can
/// have, such as a negative rate, raise a <see cref="T:Implicit.TensorException"/>.
/// </summary>
/// <example>
/// <code>
/// let adam = Optim.adam 1e-3 |> Optim.clip 1.0 |> Optim.schedule (Optim.cosine 500)
///
/// (parameters, Optim.init adam parameters)
/// |> Progress.fold "training" 500 (fun _ report (p, state) ->
///     let value, gradient = valueAndGrad loss p
///     report "loss" (float value)
///     p |> Optim.step adam state gradient)
/// </code>
/// </example>
[<RequireQualifiedAccess>]
module Optim =
    /// What an optimiser remembers between steps.
    [<NoComparison; NoEquality>]
    type State =
        internal
            {
                /// The steps taken, int64, counted where a schedule asks for them. Like the powers a tensor, so that it is data of a compiled function, which is not traced for each number again.
                Taken: Tensor
                /// The optimiser's factors to the power of the steps taken.
                Powers: Tensor list
                /// For each parameter tensor its running averages.
                Averages: Tensor list list
            }

    /// A rule that turns gradients into steps.
    [<NoComparison; NoEquality>]
    type Optimiser =
        internal
            {
                Rate: float
                /// What the rate is multiplied by after so many steps.
                Schedule: Func<int, float> option
                /// Factors whose powers, with the number of the step, the direction needs.
                Factors: float list
                /// The number of running averages that the direction keeps for each tensor; they begin at zero.
                Averages: int
                /// From the powers at this step, a gradient and its averages: the direction to descend and the new averages.
                Direction: Tensor list -> Tensor -> Tensor list -> Tensor * Tensor list
                /// Added to the gradient, times the parameter.
                Penalty: float
                /// Added to the direction, times the parameter.
                Decay: float
                /// The largest norm of the whole gradient.
                Limit: float option
            }

    let private fail name rule received = raise (TensorException $"[Optim.{name}] {rule}. Received {received}.")

    let private require holds name rule (received: string) =
        if not holds then
            fail name rule received

    let private plain name rate averages direction =
        require (rate >= 0.0 && Double.IsFinite rate) name "the rate must be finite and not negative" $"{rate}"

        {
            Rate = rate
            Schedule = None
            Factors = []
            Averages = averages
            Direction = direction
            Penalty = 0.0
            Decay = 0.0
            Limit = None
        }

    /// Steepest descent: p ← p − rate · g.
    let sgd (rate: float) : Optimiser = plain "sgd" rate 0 (fun _ g _ -> g, [])

    let private average (weight: float) (mean: Tensor) (value: Tensor) = weight * mean + (1.0 - weight) * value

    let private one averages = averages |> List.exactlyOne

    /// Divides the gradient by a running root mean square, with decay 0.99 (Tieleman and Hinton 2012).
    let rmsprop (rate: float) : Optimiser =
        plain "rmsprop" rate 1 (fun _ g averages ->
            let v = average 0.99 (one averages) (g * g)
            g / (sqrt v + 1e-8), [ v ])

    let private moments name (beta1: float, beta2: float) rate =
        let weighs beta = beta >= 0.0 && beta < 1.0
        require (weighs beta1 && weighs beta2) name "β₁ and β₂ must be in [0, 1)" $"{beta1} and {beta2}"

        let direction (powers: Tensor list) g (averages: Tensor list) =
            let m = average beta1 averages[0] g
            let v = average beta2 averages[1] (g * g)
            let unbiased (power: Tensor) (mean: Tensor) = mean / cast mean.DType (1.0 - power)
            unbiased powers[0] m / (sqrt (unbiased powers[1] v) + 1e-8), [ m; v ]

        { plain name rate 2 direction with Factors = [ beta1; beta2 ] }

    let private usual = 0.9, 0.999

    /// Adam with β₁ and β₂ (Kingma and Ba 2015, algorithm 1).
    let adamWith (beta1: float, beta2: float) (rate: float) : Optimiser = moments "adam" (beta1, beta2) rate

    /// Adam with β₁ = 0.9 and β₂ = 0.999.
    let adam (rate: float) : Optimiser = adamWith usual rate

    /// Adam that shrinks the parameters by rate · decay beside each step (Loshchilov and Hutter 2019, algorithm 2).
    let adamw (rate: float) (decay: float) : Optimiser =
        require (decay >= 0.0 && Double.IsFinite decay) "adamw" "the decay must be finite and not negative" $"{decay}"
        { moments "adamw" usual rate with Decay = decay }

    /// Descends along a running sum of directions, v ← μ v + d (Polyak 1964).
    let momentum (mu: float) (optimiser: Optimiser) : Optimiser =
        require (mu >= 0.0 && mu < 1.0) "momentum" "μ must be in [0, 1)" $"{mu}"

        { optimiser with
            Averages = optimiser.Averages + 1
            Direction =
                fun powers g averages ->
                    let direction, rest = optimiser.Direction powers g (List.tail averages)
                    let velocity = mu * List.head averages + direction
                    velocity, velocity :: rest
        }

    /// Adds to the objective ½ · weight · |p|², so to the gradient weight · p.
    let weightDecay (weight: float) (optimiser: Optimiser) : Optimiser =
        require (weight >= 0.0) "weightDecay" "the weight must not be negative" $"{weight}"
        { optimiser with Penalty = weight }

    /// Shortens the gradient of all parameters together to a norm of at most `limit` (Pascanu et al. 2013).
    let clip (limit: float) (optimiser: Optimiser) : Optimiser =
        require (limit > 0.0) "clip" "the limit must be positive" $"{limit}"
        { optimiser with Limit = Some limit }

    /// Multiplies the rate by a factor that depends on the number of steps already taken, and on nothing else: `cosine 500`, `exponential 0.99`, …
    let schedule (factor: int -> float) (optimiser: Optimiser) : Optimiser =
        let scheduled =
            match optimiser.Schedule with
            | None -> factor
            | Some before -> fun taken -> factor taken * before.Invoke taken

        { optimiser with Schedule = Some(Func<int, float> scheduled) }

    let private positive name steps = require (steps >= 1) name "the number of steps must be positive" $"{steps}"

    /// From 1 to 0 along half a cosine in so many steps (Loshchilov and Hutter 2017, eq. 5).
    let cosine (steps: int) (taken: int) : float =
        positive "cosine" steps
        0.5 * (1.0 + cos (Math.PI * float (min taken steps) / float steps))

    /// By `factor` smaller after every step.
    let exponential (factor: float) (taken: int) : float = factor ** float taken

    /// From 0 to 1 in so many steps, linearly; the first step already moves.
    let warmup (steps: int) (taken: int) : float =
        positive "warmup" steps
        min 1.0 (float (taken + 1) / float steps)

    /// The state before the first step.
    let init (optimiser: Optimiser) (parameters: 'P) : State =
        {
            Taken = tensor 0L
            Powers = [ for _ in optimiser.Factors -> scalar 1.0 ]
            Averages = [ for p in Tree.leaves parameters -> List.init optimiser.Averages (fun _ -> zerosLike p) ]
        }

    let private clipped limit (gradients: Tensor list) =
        match limit with
        | None -> gradients
        | Some limit ->
            // The norm of a gradient that needs to be clipped may be more than any type holds.
            let largestOf (g: Tensor) = g |> toFloat64 |> maxNorm
            let largest = scalar 0.0 :: List.map largestOf gradients |> stack 0 |> amax
            let unit = where (logicalAnd (largest .> 0.0) (isFinite largest)) largest 1.0
            let squareOf (g: Tensor) = sumsq (toFloat64 g / unit)
            let norm = gradients |> List.map squareOf |> List.fold (+) (scalar 0.0) |> sqrt
            let factor = minimum 1.0 (limit / unit / (norm + 1e-12))
            gradients |> List.map (fun g -> g * cast g.DType factor)

    let private moved optimiser (scaled: Tensor -> Tensor) powers (p: Tensor) (g: Tensor) averages =
        let penalised =
            if optimiser.Penalty = 0.0 then
                g
            else
                g + optimiser.Penalty * p

        let direction, averages = optimiser.Direction powers penalised averages

        let direction =
            if optimiser.Decay = 0.0 then
                direction
            else
                direction + optimiser.Decay * p

        p - scaled direction, averages

    /// The parameters must be such that can descend, and the state must be for them.
    let private check (optimiser: Optimiser) (state: State) (parameters: Tensor list) =
        let another () =
            fail
                "step"
                "the state must be what init or a step of this optimiser gave for these parameters"
                "another one"

        if state.Powers.Length <> optimiser.Factors.Length || state.Averages.Length <> parameters.Length then
            another ()

        for p, averages in List.zip parameters state.Averages do
            if p.DType <> DType.Float64 && p.DType <> DType.Float32 then
                fail "step" "parameters must be floating-point" $"{p.Type}"

            if averages.Length <> optimiser.Averages || averages |> List.exists (fun a -> a.Type <> p.Type) then
                another ()

    /// <summary>One step of descent.</summary>
    /// <param name="optimiser">The rule.</param>
    /// <param name="state">What <c>init</c> or the step before gave.</param>
    /// <param name="gradient">The gradient at the parameters: a tree of their form.</param>
    /// <param name="parameters">Any tree of tensors.</param>
    /// <returns>The new parameters and the new state.</returns>
    /// <exception cref="T:Implicit.TensorException">The parameters are not floating-point, or the gradient or the state does not go with them.</exception>
    let step (optimiser: Optimiser) (state: State) (gradient: 'P) (parameters: 'P) : 'P * State =
        let leaves = Tree.leaves parameters
        check optimiser state leaves

        let gradients =
            TreeForm.Leaves("Optim.step", "the gradient", gradient, "the parameters", parameters)
            |> List.ofArray

        let powers =
            List.map2 (fun (factor: float) (power: Tensor) -> factor * power) optimiser.Factors state.Powers

        let (scaled: Tensor -> Tensor), counted =
            match optimiser.Schedule with
            | None -> (fun direction -> optimiser.Rate * direction), []
            | Some factor ->
                let rate = optimiser.Rate * Tensor.Scheduled(factor, state.Taken)
                (fun direction -> cast direction.DType rate * direction), [ state.Taken + 1 ]

        let gradients = clipped optimiser.Limit gradients
        let steps = List.map3 (moved optimiser scaled powers) leaves gradients state.Averages
        let moved, averages = List.unzip steps
        // What the step makes is computed together: the averages must not trail behind as an ever longer expression.
        Tensor.Bind(Array.ofList (moved @ counted @ powers @ List.concat averages))
        let taken = List.tryHead counted |> Option.defaultValue state.Taken
        Tree.rebuild parameters (Array.ofList moved), { Taken = taken; Powers = powers; Averages = averages }

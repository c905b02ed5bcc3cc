namespace Implicit

open System
open Implicit.Reporting

/// <summary>
/// Loops that show how far they are: a bar with the time left in a terminal, a line after each tenth of the steps where output goes to
/// a file or a build log. A loop inside such a loop shows nothing.
/// </summary>
[<RequireQualifiedAccess>]
module Progress =
    /// <summary>Carries a state through a number of steps, as <c>List.fold</c> does through a list.</summary>
    /// <param name="title">What the bar is called.</param>
    /// <param name="steps">The number of steps, not negative.</param>
    /// <param name="body">
    /// Takes the step (from 0), a function that shows a figure (<c>report "loss" value</c>) and the state; gives the next state.
    /// </param>
    /// <param name="state">The state before the first step.</param>
    /// <returns>The state after the last step.</returns>
    /// <exception cref="T:System.ArgumentException">The number of steps is negative.</exception>
    /// <example>
    /// <code>
    /// p0 |> Progress.fold "training" 500 (fun step report p ->
    ///     let loss, gradient = valueAndGrad objective p
    ///     report "loss" (float loss)
    ///     descend gradient p)
    /// </code>
    /// </example>
    let fold
        (title: string)
        (steps: int)
        (body: int -> (string -> float -> unit) -> 'State -> 'State)
        (state: 'State)
        : 'State =
        if steps < 0 then
            raise (ArgumentException $"[Progress.fold] the number of steps must not be negative. Received {steps}.")

        Display.run title steps (fun display ->
            let mutable state = state

            for step in 0 .. steps - 1 do
                state <- body step display.Report state
                display.Advance(step + 1)

            state)

    /// <summary>Runs a number of steps.</summary>
    /// <param name="title">What the bar is called.</param>
    /// <param name="steps">The number of steps, not negative.</param>
    /// <param name="body">Takes the step (from 0) and a function that shows a figure (<c>report "loss" value</c>).</param>
    /// <exception cref="T:System.ArgumentException">The number of steps is negative.</exception>
    let run (title: string) (steps: int) (body: int -> (string -> float -> unit) -> unit) : unit =
        fold title steps (fun step report () -> body step report) ()

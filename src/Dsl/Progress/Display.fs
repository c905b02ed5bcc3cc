namespace Implicit.Reporting

open System
open System.Collections.Generic
open System.Diagnostics
open System.Globalization
open System.IO
open System.Threading
open Spectre.Console

/// What a loop shows of itself while it runs.
type internal Display =
    {
        /// Called after each step with the number of steps done.
        Advance: int -> unit
        /// Called with a figure's name and its value.
        Report: string -> float -> unit
    }

/// The latest figures of a loop, in the order in which their names first came.
type internal Figures() =
    let names = List<string>()
    let values = Dictionary<string, float>()

    // Four significant digits tell a falling loss from a flat one.
    let show (value: float) = value.ToString("G4", CultureInfo.InvariantCulture)

    member _.Set(name: string, value: float) =
        if not (values.ContainsKey name) then
            names.Add name

        values[name] <- value

    member _.Text = names |> Seq.map (fun name -> $"{name} {show values[name]}") |> String.concat "  "

module internal Display =
    /// Shows nothing.
    let quiet = { Advance = ignore; Report = fun _ _ -> () }

    // Build services take a log that stays silent for long for a hang.
    let private silence = TimeSpan.FromSeconds 30.0

    /// A line after each tenth of the steps, and after half a minute without one, for output that goes to a file or a build log.
    let lines (writer: TextWriter) title steps (body: Display -> 'T) : 'T =
        let figures = Figures()
        let clock = Stopwatch.StartNew()
        let mutable last = TimeSpan.Zero
        let tenth finished = int64 finished * 10L / int64 steps

        let write finished =
            last <- clock.Elapsed
            let seconds = last.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)

            [ title; $"{finished}/{steps}"; figures.Text; $"{seconds} s" ]
            |> List.filter (fun part -> part <> "")
            |> String.concat "  "
            |> writer.WriteLine

        body
            {
                Advance =
                    fun finished ->
                        if tenth finished > tenth (finished - 1) || clock.Elapsed - last > silence then
                            write finished
                Report = fun name value -> figures.Set(name, value)
            }

    // Renewing the text more often than this would cost more than it shows.
    let private refresh = TimeSpan.FromMilliseconds 80.0

    let private follow (task: ProgressTask) (title: string) =
        let figures = Figures()
        let clock = Stopwatch.StartNew()
        let mutable due = TimeSpan.Zero

        let show finished =
            task.Value <- float finished
            task.Description <- Markup.Escape($"{title}  {figures.Text}".TrimEnd())
            due <- clock.Elapsed + refresh

        {
            Advance =
                fun finished ->
                    if clock.Elapsed >= due || float finished >= task.MaxValue then
                        show finished
            Report = fun name value -> figures.Set(name, value)
        }

    /// A bar with the figures, the share done and the time left.
    let bar (console: IAnsiConsole) (title: string) (steps: int) (body: Display -> 'T) : 'T =
        let columns: ProgressColumn[] =
            [|
                TaskDescriptionColumn(Alignment = Justify.Left)
                ProgressBarColumn()
                PercentageColumn()
                RemainingTimeColumn()
            |]

        console
            .Progress()
            .Columns(columns)
            .Start(fun context ->
                let task = context.AddTask(Markup.Escape title, maxValue = float steps)
                body (follow task title))

    let private isLive (console: IAnsiConsole) =
        not Console.IsOutputRedirected
        && String.IsNullOrEmpty(Environment.GetEnvironmentVariable "CI")
        && console.Profile.Capabilities.Interactive
        && console.Profile.Capabilities.Ansi

    let mutable private shown = 0

    // A terminal has room for one bar: a loop inside a loop stays quiet.
    let run title steps (body: Display -> 'T) : 'T =
        if steps = 0 || Interlocked.Exchange(&shown, 1) = 1 then
            body quiet
        else
            try
                if isLive AnsiConsole.Console then
                    bar AnsiConsole.Console title steps body
                else
                    lines Console.Out title steps body
            finally
                Volatile.Write(&shown, 0)

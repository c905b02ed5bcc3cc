/// What the pages show must run as it stands there, and print what they say it prints.
module Implicit.Tests.House.PageTests

open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Implicit.Testing
open Xunit

let private examples = Repository.At "paper-examples"
let private tutorial = Repository.At "docs/tutorial"

/// The fenced blocks of a page in order, each with its language.
let private blocks (page: string) =
    [
        for block in Regex.Matches(File.ReadAllText page, "```(\w+)\n(.*?)```", RegexOptions.Singleline) ->
            block.Groups[1].Value, block.Groups[2].Value
    ]

let private ofLanguage language blocks = blocks |> List.filter (fst >> (=) language) |> List.map snd

/// Runs a script with a load script by its full path, in a folder of its own; what it printed.
let private run (extension: string) (command: string list) (code: string) =
    let load = $"#load \"{examples}/load.{extension}\"\n"
    let folder = Directory.CreateTempSubdirectory "page"
    let script = Path.Combine(folder.FullName, "page." + extension)
    File.WriteAllText(script, load + code.Replace($"#load \"load.{extension}\"\n", ""))

    let start =
        ProcessStartInfo(
            "dotnet",
            [ yield! command; script ],
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    use child = nonNull (Process.Start start)
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    folder.Delete true
    Assert.True((child.ExitCode = 0), $"{code}\n{output}\n{errors.Result}")
    output

let private runFSharp = run "fsx" [ "fsi" ]

let private runCSharp =
    run "csx" [ Path.Combine(examples, "runner", "bin", "Release", "net10.0", "runner.dll") ]

[<Fact>]
let ``the F# of README.md runs`` () =
    let scripts = blocks (Repository.At "README.md") |> ofLanguage "fsharp"
    Assert.NotEmpty scripts
    scripts |> List.iter (runFSharp >> ignore)

[<Fact>]
let ``the C# of README.md runs`` () =
    let scripts = blocks (Repository.At "README.md") |> ofLanguage "csharp"
    Assert.NotEmpty scripts
    scripts |> List.iter (runCSharp >> ignore)

let chapters () =
    TheoryData<string>([| for path in Directory.GetFiles(tutorial, "*.md") |> Array.sort -> FileInfo(path).Name |])

/// The blocks of a language are one script, and a block of text says what the code before it prints.
let private runsAndPrints language (run: string -> string) (blocks: (string * string) list) =
    let printed =
        List.pairwise blocks
        |> List.choose (fun ((before, _), (kind, text)) ->
            if before = language && kind = "text" then
                Some text
            else
                None)

    match ofLanguage language blocks with
    | [] -> ()
    | code ->
        let output = run (String.concat "\n" code)
        Assert.Equal(String.concat "" printed, output, ignoreLineEndingDifferences = true)

[<Theory; MemberData(nameof chapters)>]
let ``a chapter of the tutorial runs and prints what it says`` (chapter: string) =
    let blocks = blocks (Path.Combine(tutorial, chapter))
    blocks |> runsAndPrints "fsharp" runFSharp
    blocks |> runsAndPrints "csharp" runCSharp

/// What README.md shows must run as it stands there.
module Implicit.Tests.House.ReadmeTests

open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Implicit.Testing
open Xunit

let private examples = Repository.At "paper-examples"

let private blocks language =
    let readme = File.ReadAllText(Repository.At "README.md")

    [
        for block in Regex.Matches(readme, $"```{language}\n(.*?)```", RegexOptions.Singleline) -> block.Groups[1].Value
    ]

/// Runs a script with a load script by its full path, in a folder of its own.
let private run (extension: string) (command: string list) (block: string) =
    let load = $"#load \"{examples}/load.{extension}\"\n"
    let folder = Directory.CreateTempSubdirectory "readme"
    let script = Path.Combine(folder.FullName, "readme." + extension)
    File.WriteAllText(script, load + block.Replace($"#load \"load.{extension}\"\n", ""))

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
    Assert.True((child.ExitCode = 0), $"{block}\n{output}\n{errors.Result}")

[<Fact>]
let ``the F# of README.md runs`` () =
    let blocks = blocks "fsharp"
    Assert.NotEmpty blocks
    blocks |> List.iter (run "fsx" [ "fsi" ])

[<Fact>]
let ``the C# of README.md runs`` () =
    let runner = Path.Combine(examples, "runner", "bin", "Release", "net10.0", "runner.dll")
    let blocks = blocks "csharp"
    Assert.NotEmpty blocks
    blocks |> List.iter (run "csx" [ runner ])

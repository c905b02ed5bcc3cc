using System.Text;
using Implicit.Runner;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Scripting.Hosting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

// runner script.csx [args]: what dotnet-script does, without a download. The exit code is what the script returns.
if (args is not [string file, ..])
{
    Console.Error.WriteLine("usage: runner script.csx [arguments]");
    return 2;
}

string path = Path.GetFullPath(file);
if (!File.Exists(path))
{
    Console.Error.WriteLine($"There is no script {path}.");
    return 2;
}

var globals = new CommandLineScriptGlobals(Console.Out, CSharpObjectFormatter.Instance);
foreach (string argument in args[1..])
{
    globals.Args.Add(argument);
}

try
{
    string code = await File.ReadAllTextAsync(path, Encoding.UTF8);
    ScriptState state = await CSharpScript.RunAsync(code, Environments.For(path), globals);
    return state.ReturnValue is int exit ? exit : 0;
}
catch (CompilationErrorException failure)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, failure.Diagnostics));
    if (failure.Diagnostics.Any(diagnostic => diagnostic.Id == "CS0006"))
    {
        Console.Error.WriteLine("A referenced assembly is not there yet. Build first: ./build.sh --target=Build");
    }

    return 1;
}
catch (Exception failure)
{
    // The frames of the scripting engine below the script's own are no news to its author.
    string[] lines = failure.ToString().Split(Environment.NewLine);
    IEnumerable<string> own = lines.TakeWhile(line => !line.Contains(" at Microsoft.CodeAnalysis.Scripting."));
    Console.Error.WriteLine(string.Join(Environment.NewLine, own.Where(line => !line.StartsWith("--- End of stack"))));
    return 1;
}

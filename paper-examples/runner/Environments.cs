using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Implicit.Runner;

/// <summary>What a script finds around it: the framework, the namespaces dotnet-script imports, paths relative to the script.</summary>
internal static class Environments
{
    private static readonly string[] Imports =
    [
        "System",
        "System.IO",
        "System.Collections.Generic",
        "System.Console",
        "System.Diagnostics",
        "System.Dynamic",
        "System.Linq",
        "System.Linq.Expressions",
        "System.Text",
        "System.Threading.Tasks",
    ];

    /// <summary>The options to run the script at <paramref name="path"/> with, debug information included so that stack traces name its lines.</summary>
    public static ScriptOptions For(string path)
    {
        string home = Path.GetDirectoryName(path)!;
        return ScriptOptions
            .Default.WithFilePath(path)
            .WithFileEncoding(Encoding.UTF8)
            .WithEmitDebugInformation(true)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithSourceResolver(new SourceFileResolver([], home))
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(home))
            .AddReferences(Framework())
            .WithImports(Imports);
    }

    // The default references lack System.Linq and what `dynamic` needs.
    private static IEnumerable<MetadataReference> Framework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory
            .EnumerateFiles(folder, "System*.dll")
            .Append(Path.Combine(folder, "Microsoft.CSharp.dll"))
            .Where(file => !file.Contains(".Native", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
    }
}

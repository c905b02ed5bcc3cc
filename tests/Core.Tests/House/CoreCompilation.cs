using Implicit.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Implicit.Tests.House;

/// <summary>The core as the compiler sees it, made from the sources themselves.</summary>
internal static class CoreCompilation
{
    private static readonly Lazy<CSharpCompilation> Made = new(Make);

    public static CSharpCompilation Value => Made.Value;

    private static CSharpCompilation Make()
    {
        CSharpParseOptions language = new(LanguageVersion.Latest);
        IEnumerable<SyntaxTree> trees = Repository
            .Sources(Layers.Home, ".cs")
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), language, path: file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, language));
        IEnumerable<MetadataReference> framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) is not "Implicit.Core.dll")
            .Select(file => MetadataReference.CreateFromFile(file));
        CSharpCompilationOptions options = new(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable
        );
        return CSharpCompilation.Create("Implicit.Core", trees, framework, options);
    }

    private const string ImplicitUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Net.Http;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;
}

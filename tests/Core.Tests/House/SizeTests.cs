using System.Text.RegularExpressions;
using Implicit.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Implicit.Tests.House;

public sealed partial class SizeTests
{
    private const int MostLinesOfFile = 400;
    private const int MostLinesOfFunction = 60;

    private static readonly string[] Files =
    [
        .. new[] { "src", "tests", "paper-examples" }.SelectMany(folder =>
            Repository.Sources(folder, ".cs", ".fs", ".fsx", ".csx")
        ),
    ];

    // A method's coefficients are as long as the paper prints them.
    private static IEnumerable<string> Code => Files.Where(file => !Repository.Relative(file).Contains("/Tableaus/"));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Report(
            Code.Select(file => (file, length: File.ReadLines(file).Count()))
                .Where(entry => entry.length > MostLinesOfFile)
                .Select(entry => $"{Repository.Relative(entry.file)} has {entry.length} lines")
        );

    [Fact]
    public void No_function_is_longer_than_60_lines() =>
        Report(
            Code.SelectMany(file => Path.GetExtension(file) == ".cs" ? CSharpFunctions(file) : FSharpFunctions(file))
                .Where(function => function.Length > MostLinesOfFunction)
                .Select(function => $"{Repository.Relative(function.File)}:{function.Line} has {function.Length} lines")
        );

    [Fact]
    public void Nothing_is_left_to_do() =>
        Report(
            from file in Files
            from line in File.ReadLines(file).Index()
            where Unfinished().IsMatch(line.Item)
            select $"{Repository.Relative(file)}:{line.Index + 1} {line.Item.Trim()}"
        );

    // The classes keep the pattern from finding itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X|Not[I]mplementedException)\b")]
    private static partial Regex Unfinished();

    private static IEnumerable<Function> CSharpFunctions(string file) =>
        CSharpSyntaxTree
            .ParseText(File.ReadAllText(file))
            .GetRoot()
            .DescendantNodes()
            .Where(node =>
                node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            )
            .Select(node => node.GetLocation().GetLineSpan())
            .Select(span => new Function(file, span.StartLinePosition.Line + 1, Length(span)));

    private static int Length(FileLinePositionSpan span) => span.EndLinePosition.Line - span.StartLinePosition.Line + 1;

    // F# has no parser here: a definition ends where the next line stands no deeper.
    private static IEnumerable<Function> FSharpFunctions(string file)
    {
        string[] lines = File.ReadAllLines(file);
        return lines
            .Index()
            .Where(line => FSharpDefinition().IsMatch(line.Item))
            .Select(line => new Function(file, line.Index + 1, FSharpLength(lines, line.Index)));
    }

    [GeneratedRegex(@"^\s*(let|member|static member|override|default)\b")]
    private static partial Regex FSharpDefinition();

    private static int FSharpLength(string[] lines, int start)
    {
        int end = start + 1;
        for (int i = end; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0)
            {
                continue;
            }

            if (
                Indentation(lines[i]) <= Indentation(lines[start])
                && lines[i].Trim() is not (")" or "]" or "|]" or "}")
            )
            {
                break;
            }

            end = i + 1;
        }

        return end - start;
    }

    private static int Indentation(string line) => line.Length - line.TrimStart().Length;

    private static void Report(IEnumerable<string> violations) =>
        Assert.True(!violations.Any(), string.Join('\n', violations));

    private sealed record Function(string File, int Line, int Length);
}

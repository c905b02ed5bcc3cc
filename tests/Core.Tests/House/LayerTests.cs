using Implicit.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Implicit.Tests.House;

public sealed class LayerTests
{
    [Fact]
    public void Every_source_of_the_core_stands_in_a_layer()
    {
        IEnumerable<string> homeless = Repository
            .Sources(Layers.Home, ".cs")
            .Where(file => !Layers.Order.Contains(Layers.Of(file)))
            .Select(Repository.Relative);
        Assert.True(!homeless.Any(), $"Not in a folder of the architecture:\n{string.Join('\n', homeless)}");
    }

    [Fact]
    public void The_sources_compile_here_so_that_no_name_goes_unresolved()
    {
        // CS8795: the other half of a LibraryImport method is written by a source generator, which does not run here.
        IEnumerable<Diagnostic> errors = CoreCompilation
            .Value.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS8795");
        Assert.True(!errors.Any(), string.Join('\n', errors));
    }

    [Fact]
    public void No_layer_names_a_layer_below_it()
    {
        CSharpCompilation core = CoreCompilation.Value;
        string[] violations =
        [
            .. core.SyntaxTrees.Where(tree => tree.FilePath != "").SelectMany(tree => LayerWalk.Violations(core, tree)),
        ];
        Assert.True(violations.Length == 0, $"A layer reaches down:\n{string.Join('\n', violations)}");
    }

    [Theory]
    [InlineData("using Implicit.Solvers; class C;", "names Implicit.Solvers of Solvers")]
    [InlineData("class C { Lower? x; }", "names Lower of Solvers")]
    [InlineData("class C { int F(Upper u) => u.Reach(); }", "names Upper.Reach() of Solvers")]
    [InlineData("class C { Upper x = 2.0; }", "names Upper.implicit operator Upper(double) of Solvers")]
    [InlineData("class C { Upper F(Upper x) => x + x; }", "names Upper.operator +(Upper, Upper) of Solvers")]
    [InlineData("class C { Upper x = new(); int y = Upper.Own; }", null)]
    public void A_reach_down_is_seen(string code, string? expected)
    {
        SyntaxTree user = Parse(code, "Graph/User.cs");
        CSharpCompilation compilation = CoreCompilation
            .Value.RemoveAllSyntaxTrees()
            .AddSyntaxTrees(
                user,
                Parse("partial class Upper { public const int Own = 1; }", "Graph/Upper.cs"),
                Parse(LowerPart, "Solvers/Upper.cs"),
                Parse("namespace Implicit.Solvers { class Inner; }", "Solvers/Inner.cs")
            );
        string[] found = [.. LayerWalk.Violations(compilation, user)];
        if (expected is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.EndsWith(expected, Assert.Single(found), StringComparison.Ordinal);
        }
    }

    private const string LowerPart = """
        class Lower;
        partial class Upper
        {
            public int Reach() => 1;
            public static implicit operator Upper(double x) => new();
            public static Upper operator +(Upper x, Upper y) => x;
        }
        """;

    private static SyntaxTree Parse(string code, string file) =>
        CSharpSyntaxTree.ParseText(
            code,
            new CSharpParseOptions(LanguageVersion.Latest),
            Repository.At($"{Layers.Home}/{file}"),
            cancellationToken: TestContext.Current.CancellationToken
        );
}

using Implicit.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Implicit.Tests.House;

/// <summary>Finds every place of one source that names something declared in a layer it may not know.</summary>
internal sealed class LayerWalk(SemanticModel model) : CSharpSyntaxWalker
{
    private readonly string layer = Layers.Of(model.SyntaxTree.FilePath);
    private readonly SortedDictionary<int, string> found = [];

    /// <summary>One line of text for each line of source that reaches down.</summary>
    public static IEnumerable<string> Violations(CSharpCompilation compilation, SyntaxTree tree)
    {
        LayerWalk walk = new(compilation.GetSemanticModel(tree));
        walk.Visit(tree.GetRoot());
        return walk.found.Values;
    }

    public override void Visit(SyntaxNode? node)
    {
        if (node is ExpressionSyntax or TypeSyntax or ConstructorInitializerSyntax)
        {
            Check(node, model.GetSymbolInfo(node).Symbol);
        }

        // `Tensor y = 2.0` names nobody, yet calls an operator.
        if (node is ExpressionSyntax expression)
        {
            Check(node, model.GetConversion(expression).MethodSymbol);
        }

        base.Visit(node);
    }

    private void Check(SyntaxNode node, ISymbol? symbol)
    {
        string? used =
            symbol is INamespaceSymbol space ? LayerOf(space)
            : symbol is null ? null
            : LayerOf(symbol);
        if (used is null || Layers.MayUse(layer, used))
        {
            return;
        }

        int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        string file = Repository.Relative(model.SyntaxTree.FilePath);
        found.TryAdd(line, $"{file}:{line} ({layer}) names {symbol!.ToDisplayString()} of {used}");
    }

    // Implicit.Backends.Cpu belongs to Backends; Implicit itself and foreign namespaces to nobody.
    private static string? LayerOf(INamespaceSymbol space) =>
        space.ToDisplayString().Split('.') is ["Implicit", string name, ..] ? name : null;

    // A type in several parts belongs to its first layer, a member to the layer of the file that declares it.
    private static string? LayerOf(ISymbol symbol)
    {
        if (symbol is ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or ILabelSymbol or IRangeVariableSymbol)
        {
            return null;
        }

        ISymbol original = symbol is IMethodSymbol { ReducedFrom: { } extension }
            ? extension
            : symbol.OriginalDefinition;
        string[] layers = [.. original.DeclaringSyntaxReferences.Select(part => Layers.Of(part.SyntaxTree.FilePath))];
        return layers.Length > 0 ? layers.MinBy(name => Array.IndexOf(Layers.Order, name))
            : original.ContainingType is { } type ? LayerOf(type)
            : null;
    }
}

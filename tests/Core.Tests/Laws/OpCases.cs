using Implicit.Tests.Laws.Cases;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>All operations under the laws: one file of cases per family.</summary>
internal static class OpCases
{
    public static readonly IReadOnlyDictionary<string, OpCase> All = new[]
    {
        ElementwiseCases.All,
        MovementCases.All,
        IndexingCases.All,
        ReductionCases.All,
        AlgebraCases.All,
        SolveCases.All,
        FactorisationCases.All,
        ConvolutionCases.All,
        NormalisationCases.All,
    }
        .SelectMany(family => family)
        .ToDictionary(one => one.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> Differentiable =>
        [.. All.Values.Where(one => one.IsDifferentiable).Select(one => one.Name)];
}

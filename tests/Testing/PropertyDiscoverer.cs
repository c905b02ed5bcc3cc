using Xunit.Sdk;
using Xunit.v3;

namespace Implicit.Testing;

/// <summary>Makes one <see cref="PropertyTestCase"/> of a method marked by <see cref="PropertyAttribute"/>.</summary>
public sealed class PropertyDiscoverer : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod,
        IFactAttribute factAttribute
    )
    {
        var details = TestIntrospectionHelper.GetTestCaseDetails(discoveryOptions, testMethod, factAttribute);
        return new([
            new PropertyTestCase(
                details.ResolvedTestMethod,
                details.TestCaseDisplayName,
                details.UniqueID,
                details.SkipReason,
                details.SourceFilePath,
                details.SourceLineNumber
            ),
        ]);
    }
}

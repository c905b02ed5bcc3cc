using System.ComponentModel;
using System.Reflection;
using Xunit.v3;

namespace Implicit.Testing;

/// <summary>A property as xunit sees it: a test without arguments that hands its method to FsCheck.</summary>
public sealed class PropertyTestCase : XunitTestCase
{
    private static readonly MethodInfo Check = typeof(Properties).GetMethod(nameof(Properties.Check))!;

    /// <summary>For xunit, which fills the case from its serialised form.</summary>
    [Obsolete("Called by xunit's deserialiser only.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public PropertyTestCase() { }

    /// <summary>The case of one property.</summary>
    public PropertyTestCase(
        IXunitTestMethod method,
        string name,
        string id,
        string? skipReason,
        string? file,
        int? line
    )
        : base(
            method,
            name,
            id,
            @explicit: false,
            skipReason: skipReason,
            traits: TestIntrospectionHelper.GetTraits(method, dataRow: null),
            sourceFilePath: file,
            sourceLineNumber: line
        ) { }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<IXunitTest>> CreateTests() =>
        new([
            new XunitTest(
                this,
                new XunitTestMethod(TestMethod.TestClass, Check, []),
                @explicit: null,
                skipReason: SkipReason,
                skipType: null,
                skipUnless: null,
                skipWhen: null,
                testDisplayName: TestCaseDisplayName,
                testIndex: 0,
                traits: Traits.ToDictionary(trait => trait.Key, trait => (IReadOnlyCollection<string>)trait.Value),
                timeout: null,
                testMethodArguments: [TestMethod.Method]
            ),
        ]);
}

using FsCheck;
using FsCheck.Fluent;
using Implicit.Testing;
using Xunit;
using Xunit.Sdk;

namespace Implicit.Tests.Testing;

/// <summary>The test tools themselves: a property that is false must be seen to be false.</summary>
public sealed class PropertyTests
{
    [Property(MaxTest = 50)]
    public bool Addition_commutes(int a, int b) => a + b == b + a;

    [Property(typeof(Tens))]
    public void Generators_are_used(Ten ten) => Assert.Equal(10, ten.Value);

    [Theory]
    [InlineData(nameof(Falsehoods.IsSmall))]
    [InlineData(nameof(Falsehoods.AssertsSmall))]
    public void A_false_property_fails_with_the_smallest_input(string name)
    {
        var failure = Assert.Throws<XunitException>(() => Properties.Check(typeof(Falsehoods).GetMethod(name)!));
        Assert.Matches(@"Falsifiable[\s\S]*(Original|Shrunk):\s+PositiveInt 10\s", failure.Message);
    }

    public readonly record struct Ten(int Value);

    public static class Tens
    {
        public static Arbitrary<Ten> Ten() => Gen.Constant(new Ten(10)).ToArbitrary();
    }

    private sealed class Falsehoods
    {
        public bool IsSmall(PositiveInt n) => n.Get < 10;

        public void AssertsSmall(PositiveInt n) => Assert.True(n.Get < 10);
    }
}

using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace Implicit.Testing;

/// <summary>
/// A fact about all values of its parameters, checked by FsCheck on random ones. The method returns bool, nothing (it asserts) or
/// an FsCheck property. With <c>CI=true</c> the random numbers are the same in every run.
/// </summary>
/// <param name="generators">A type whose static members give <c>Arbitrary</c> values for parameter types of its own.</param>
/// <param name="file">Where the test stands; filled in by the compiler.</param>
/// <param name="line">Where the test stands; filled in by the compiler.</param>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(PropertyDiscoverer))]
public sealed class PropertyAttribute(
    Type? generators = null,
    [CallerFilePath] string? file = null,
    [CallerLineNumber] int line = -1
) : FactAttribute(file, line)
{
    /// <summary>A type whose static members give <c>Arbitrary</c> values, or null for FsCheck's own.</summary>
    public Type? Generators { get; } = generators;

    /// <summary>How many random inputs are tried.</summary>
    public int MaxTest { get; set; } = 100;

    /// <summary>What a failure's text says to replay with, <c>"123,457,12"</c>, to see that failure again.</summary>
    public string? Replay { get; set; }
}

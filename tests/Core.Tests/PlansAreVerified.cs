using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Implicit.Schedule;

namespace Implicit.Tests;

/// <summary>Every plan that a test makes is checked after every pass.</summary>
internal static class PlansAreVerified
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No test may run before it.")]
    internal static void Enable() => Verifier.Enabled = true;
}

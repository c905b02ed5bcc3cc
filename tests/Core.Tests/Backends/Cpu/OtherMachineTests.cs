using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>
/// What machines with narrower vectors run, and those that allow no code to be made. The runtime decides when it starts, so each is a process of
/// its own, which runs some of the tests beside this one.
/// </summary>
public sealed class OtherMachineTests
{
    /// <summary>Tells a process how wide its vectors must be for emitted code; 0: none may be made.</summary>
    private const string Width = "IMPLICIT_TESTED_WIDTH";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 64)]
    public void Kernels_are_right_with_narrower_vectors(string feature, int bits) =>
        AssertPasses(
            Math.Min(bits, Hotness.Width),
            feature,
            typeof(Emission.EmissionTests),
            typeof(Emission.EmittedKernelTests),
            typeof(MatrixProductTests),
            typeof(FactorisationTests),
            typeof(Programs.ReduceTests),
            typeof(Programs.FactoriseTests),
            typeof(Solvers.Ode.LinearCombinationTests),
            typeof(Solvers.Convex.BatchTests),
            typeof(Solvers.Convex.DegeneracyTests)
        );

    [Fact]
    public void Programs_are_interpreted_where_no_code_can_be_made() =>
        AssertPasses(
            0,
            feature: null,
            typeof(Engine.EvaluationTests),
            typeof(Programs.MapTests),
            typeof(Solvers.Ode.StepTests)
        );

    /// <summary>Without it a setting that has no effect would test this machine again, and pass.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must come before anything asks for the width.")]
    internal static void RequireWidth()
    {
        if (Environment.GetEnvironmentVariable(Width) is not { } asked)
            return;
        if (asked == "0")
            AppContext.SetSwitch("System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported", false);
        if (asked != Hotness.Width.ToString(CultureInfo.InvariantCulture))
            throw new InvalidOperationException($"Vectors have {Hotness.Width} bits instead of {asked}.");
    }

    private static void AssertPasses(int bits, string? feature, params Type[] classes)
    {
        string name = "Core.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name))
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Width] = bits.ToString(CultureInfo.InvariantCulture);
        if (feature != null)
            start.Environment[feature] = "0";
        start.ArgumentList.Add("-noColor");
        foreach (Type one in classes)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(one.FullName!);
        }
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.DoesNotContain("Total: 0,", output, StringComparison.Ordinal);
    }
}

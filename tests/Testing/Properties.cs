using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Implicit.Testing;

/// <summary>Runs FsCheck on a property's method.</summary>
public static class Properties
{
    /// <summary>Tries <paramref name="method"/> on random inputs and throws with the smallest one that falsifies it.</summary>
    public static void Check(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        PropertyAttribute property = method.GetCustomAttribute<PropertyAttribute>() ?? new();
        object? target = method.IsStatic ? null : Activator.CreateInstance(method.DeclaringType!);
        FSharpOption<object>? instance = target is null ? null : FSharpOption<object>.Some(target);
        try
        {
            FsCheck.Check.Method(Configuration(property, method), method, instance);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private static Config Configuration(PropertyAttribute property, MethodInfo method)
    {
        Config config = Config
            .QuickThrowOnFailure.WithMaxTest(property.MaxTest)
            .WithRunner(new QuietRunner())
            .WithReplay(Seed(property.Replay, method));
        return property.Generators is null ? config : config.WithArbitrary([property.Generators]);
    }

    private static FSharpOption<Replay>? Seed(string? replay, MethodInfo method)
    {
        if (replay is not null)
        {
            ulong[] numbers = [.. replay.Split(',').Select(n => ulong.Parse(n, CultureInfo.InvariantCulture))];
            return Of(numbers[0], numbers[1], numbers.Length > 2 ? (int)numbers[2] : null);
        }

        return Environment.GetEnvironmentVariable("CI") == "true"
            ? Of(Hash($"{method.DeclaringType}.{method.Name}"), 1)
            : null;
    }

    private static FSharpOption<Replay> Of(ulong seed, ulong gamma, int? size = null) =>
        FSharpOption<Replay>.Some(
            new Replay(new Rnd(seed, gamma), size is { } n ? FSharpOption<int>.Some(n) : FSharpOption<int>.None)
        );

    // FNV-1a: string.GetHashCode differs from process to process.
    private static ulong Hash(string text) =>
        text.Aggregate(14695981039346656037UL, (hash, letter) => unchecked((hash ^ letter) * 1099511628211UL));
}

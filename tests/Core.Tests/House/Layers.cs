using Implicit.Testing;

namespace Implicit.Tests.House;

/// <summary>The order of the folders of src/Core.CSharp, and who may use whom.</summary>
internal static class Layers
{
    public const string Home = "src/Core.CSharp";

    /// <summary>In processing order: a layer uses itself and those before it.</summary>
    public static readonly string[] Order =
    [
        "Shapes",
        "Kernels",
        "Graph",
        "Ops",
        "Transforms",
        "Schedule",
        "Backends",
        "Runtime",
        "Control",
        "Linear",
        "Solvers",
        "Front",
    ];

    /// <summary>Whether code in one folder may name what another declares.</summary>
    public static bool MayUse(string user, string used) =>
        user == used
        || (
            user == "Backends" ? used is "Shapes" or "Kernels" : Array.IndexOf(Order, used) < Array.IndexOf(Order, user)
        );

    /// <summary>The folder of src/Core.CSharp that a source stands in: its layer.</summary>
    public static string Of(string file) => Path.GetRelativePath(Repository.At(Home), file).Split('/', '\\')[0];
}

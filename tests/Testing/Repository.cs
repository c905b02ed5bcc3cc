namespace Implicit.Testing;

/// <summary>The source tree the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of Implicit.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder given relative to <see cref="Root"/>.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>All sources with one of the extensions below a folder of <see cref="Root"/>, build outputs left out.</summary>
    public static IReadOnlyList<string> Sources(string folder, params string[] extensions) =>
        [
            .. Directory
                .EnumerateFiles(At(folder), "*", SearchOption.AllDirectories)
                .Where(file => extensions.Contains(Path.GetExtension(file)) && !IsOutput(Relative(file)))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A full path as a reader writes it: relative to <see cref="Root"/>, with forward slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static bool IsOutput(string file) => file.Split('/').Any(folder => folder is "bin" or "obj");

    private static string FindRoot()
    {
        // Not by CallerFilePath: deterministic builds replace it.
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Implicit.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new DirectoryNotFoundException($"No Implicit.sln above {AppContext.BaseDirectory}.");
    }
}

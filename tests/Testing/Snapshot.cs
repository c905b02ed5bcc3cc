namespace Implicit.Testing;

/// <summary>Texts that a person has reviewed and that the library must still give.</summary>
public static class Snapshot
{
    private const string Accept = "IMPLICIT_ACCEPT";

    /// <summary>
    /// Null where the file at <paramref name="path"/> (relative to the repository) holds <paramref name="actual"/>; otherwise the
    /// difference and how to accept it. With IMPLICIT_ACCEPT=1 the file is rewritten instead.
    /// </summary>
    public static string? Difference(string path, string actual)
    {
        ArgumentNullException.ThrowIfNull(actual);
        string file = Repository.At(path);
        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        string[] lines = actual.TrimEnd('\n').Split('\n');
        if (expected.SequenceEqual(lines))
        {
            return null;
        }

        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(file, string.Join('\n', lines) + '\n');
            return null;
        }

        return $"{path} does not say what the code says (- reviewed, + now):\n"
            + string.Join('\n', LineDifference.Of(expected, lines))
            + $"\nIf that is wanted, run the tests with {Accept}=1 and review the file's diff.";
    }
}

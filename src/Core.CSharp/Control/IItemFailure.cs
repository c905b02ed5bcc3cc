using Implicit.Shapes;

namespace Implicit.Control;

/// <summary>A numerical failure that, raised while a batch is computed, can tell which item it was.</summary>
internal interface IItemFailure
{
    /// <summary>The same failure with the item in its text.</summary>
    Exception Naming(int item, int size);
}

/// <summary>What is done about an item of a batch that cannot be computed.</summary>
internal static class ItemFailures
{
    /// <summary>Whether an error concerns the item that was computed.</summary>
    public static bool IsNumerical(Exception error) => error is TensorException or IItemFailure;

    /// <summary>The error with the item in its text.</summary>
    public static Exception Naming(Exception error, int item, int size) =>
        error is IItemFailure failure
            ? failure.Naming(item, size)
            : new TensorException(error.Message + FailureText.WasItem(item, size), error);

    /// <summary>Raises an error if a problem was not solved: it says why for the first, and names those that failed too.</summary>
    /// <param name="name">Who solves.</param>
    /// <param name="failures">What went wrong with each problem; null where nothing did.</param>
    /// <exception cref="SolveException">One was not solved.</exception>
    public static void Raise(string name, ReadOnlySpan<string?> failures)
    {
        var failed = new List<int>();
        for (int item = 0; item < failures.Length; item++)
            if (failures[item] is not null)
                failed.Add(item);
        if (failed.Count == 0)
            return;
        string message = $"[{name}] {failures[failed[0]]}{FailureText.WasItem(failed[0], failures.Length)}";
        if (failed.Count > 1)
            message += $" Items {string.Join(", ", failed.Skip(1))} failed too.";
        throw new SolveException(message);
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Implicit.Shapes;

/// <summary>
/// The text of a condition that failed. An interpolated string given in its place is put together only when the condition does not hold, so
/// that a check that passes costs a comparison.
/// </summary>
[InterpolatedStringHandler]
internal ref struct FailureText
{
    private DefaultInterpolatedStringHandler text;

    public FailureText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        text = holds
            ? default
            : new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    /// <summary>The text of a failure that is there.</summary>
    public FailureText(int literalLength, int formattedCount) =>
        text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);

    public string Finish() => text.ToStringAndClear();

    /// <summary>Which item of a batch it was, behind what was found of it; nothing if there is only one.</summary>
    public static string ForItem(int item, int items) => items > 1 ? $" for item {item} of {items}" : "";

    /// <summary>Which item of a batch it was, as a sentence behind what happened; nothing if there is only one.</summary>
    public static string WasItem(int item, int items) => items > 1 ? $" This was item {item} of {items}." : "";

    /// <summary>An item of a batch, as the subject of what was found of it.</summary>
    /// <param name="alone">What it is called if there is only one.</param>
    /// <param name="item">Its place.</param>
    /// <param name="items">How many there are.</param>
    public static string Item(string alone, int item, int items) => items > 1 ? $"item {item}" : alone;
}

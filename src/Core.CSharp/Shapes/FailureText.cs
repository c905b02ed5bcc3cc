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
}

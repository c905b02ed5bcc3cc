using System.Globalization;
using System.Text;

namespace Implicit.Benchmarks;

/// <summary>What was measured of a case: seconds per call and its facts.</summary>
internal sealed record Measurement(
    Case Case,
    double Median,
    double Least,
    double Most,
    int Runs,
    (string Name, double Value)[] Facts
)
{
    /// <summary>The name of the fact that says how many seconds the machine needs at least: the table has a column for it.</summary>
    public const string Floor = "floor_s";

    public static readonly string[] Header =
    [
        "| case | size | method | median | least | floor | median / floor | |",
        "|---|---|---|---|---|---|---|---|",
    ];

    /// <summary>The line that all libraries print for a case.</summary>
    public string ToJson()
    {
        var line = new StringBuilder();
        line.Append(
            CultureInfo.InvariantCulture,
            $"{{\"name\": \"{Case.Name}\", \"size\": \"{Case.Size}\", \"method\": \"{Case.Method}\""
        );
        IEnumerable<(string, double)> times = [("median_s", Median), ("min_s", Least), ("max_s", Most), ("runs", Runs)];
        foreach ((string name, double value) in times.Concat(Facts))
            line.Append(CultureInfo.InvariantCulture, $", \"{name}\": {Number(value)}");
        return line.Append('}').ToString();
    }

    /// <summary>The row of a Markdown table with the columns of <see cref="Header"/>.</summary>
    public string ToRow()
    {
        double floor = Facts.FirstOrDefault(fact => fact.Name == Floor).Value;
        string facts = string.Join(
            ", ",
            from fact in Facts
            where fact.Name != Floor
            select string.Create(CultureInfo.InvariantCulture, $"{fact.Name.Replace('_', ' ')} {fact.Value:G3}")
        );
        string ratio = floor > 0.0 ? (Median / floor).ToString("F2", CultureInfo.InvariantCulture) : "";
        string allowed = floor > 0.0 ? Time(floor) : "";
        return $"| {Case.Name} | {Case.Size} | {Case.Method} | {Time(Median)} | {Time(Least)} | {allowed} | {ratio} | {facts} |";
    }

    /// <summary>JSON has no infinities and no NaN.</summary>
    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : "null";

    /// <summary>Seconds for people.</summary>
    public static string Time(double seconds) =>
        seconds switch
        {
            < 1e-6 => Scaled(seconds * 1e9, "ns"),
            < 1e-3 => Scaled(seconds * 1e6, "µs"),
            < 1.0 => Scaled(seconds * 1e3, "ms"),
            _ => Scaled(seconds, "s"),
        };

    private static string Scaled(double value, string unit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{value.ToString(value < 10.0 ? "F2" : value < 100.0 ? "F1" : "F0", CultureInfo.InvariantCulture)} {unit}"
        );
}

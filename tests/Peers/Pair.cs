using System.Globalization;
using Implicit.Benchmarks;

namespace Implicit.Peers;

/// <summary>A case of ours and its peer, measured one after the other.</summary>
internal sealed record Pair(Measurement Ours, Measurement Theirs)
{
    public static readonly string[] Header =
    [
        "| case | size | method | Implicit | TorchSharp | times as long | TorchSharp does |",
        "|---|---|---|---|---|---|---|",
    ];

    /// <summary>The row of a Markdown table with the columns of <see cref="Header"/>.</summary>
    public string ToRow(Peer peer)
    {
        Case one = Ours.Case;
        double times = Theirs.Median / Ours.Median;
        string ratio = times.ToString(times < 10.0 ? "F1" : "F0", CultureInfo.InvariantCulture);
        return $"| {one.Name} | {one.Size} | {one.Method} | {Measurement.Time(Ours.Median)} | "
            + $"{Measurement.Time(Theirs.Median)} | {ratio} | {peer.Scope} |";
    }
}

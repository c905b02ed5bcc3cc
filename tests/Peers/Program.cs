using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Implicit;
using Implicit.Benchmarks;
using Implicit.Peers;
using TorchSharp;

// Usage: Peers [--filter PART] [--markdown PAGE...]
// Times our cases whose names contain PART and, after each, what TorchSharp takes for the same. Prints two lines of JSON for each, and
// at the end a table on the error stream, or into the pages, which mark its place. Both work on one thread.
Threads.Count = 1;
torch.set_num_threads(1);
using IDisposable unrecorded = torch.no_grad();
var arguments = Arguments.Of(args);
Peer[] peers = [.. Peer.All];
var rows = new List<(string, string)>();
int failures = 0;
foreach (Case one in arguments.Cases)
{
    if (peers.SingleOrDefault(peer => FileSystemName.MatchesSimpleExpression(peer.Pattern, one.Label)) is not { } peer)
        continue;
    try
    {
        Measurement ours = one.Run();
        Console.WriteLine(ours.ToJson());
        Measurement theirs = peer.Beside(ours);
        Console.WriteLine(theirs.ToJson());
        rows.Add((one.Label, new Pair(ours, theirs).ToRow(peer)));
    }
    catch (Exception error)
        when (error is TensorException or SolveException or InvalidOperationException or ExternalException)
    {
        failures++;
        Console.Error.WriteLine($"{one.Label}: {error.Message}");
    }
}
new Report("peers", Pair.Header, [.. rows]).Write(arguments.Pages);
return failures == 0 ? 0 : 1;

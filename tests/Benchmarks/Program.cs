using Implicit.Benchmarks;

// Usage: Benchmarks [--filter PART]: runs the cases whose name contains PART and prints one JSON line for each.
int at = Array.IndexOf(args, "--filter");
string filter = at >= 0 && at + 1 < args.Length ? args[at + 1] : "";
Case[] cases = [.. Trajectories.All, .. NeuralOde.All, .. Products.All, .. EngineFloor.All];
foreach (Case one in cases.Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
    Console.WriteLine(one.Run());
return 0;

namespace Implicit.Linear;

/// <summary>What one run of a method from a residual cost, and whether the method could not go on.</summary>
internal readonly record struct KrylovCycle(int Steps, bool BrokeDown);

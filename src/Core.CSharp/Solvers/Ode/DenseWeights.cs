using System.Runtime.Intrinsics;

namespace Implicit.Solvers.Ode;

/// <summary>The weights bᵢ(θ) of dense output, of those stages that have one, side by side.</summary>
internal sealed class DenseWeights
{
    private readonly int powers;

    /// <summary>The coefficients of each power of θ, the highest first; those of a power fill whole vectors.</summary>
    private readonly double[] coefficients;

    /// <param name="interpolant">The coefficients of θ, θ² … for each stage; none for a stage without a weight.</param>
    public DenseWeights(double[][] interpolant)
    {
        Stages = [.. Enumerable.Range(0, interpolant.Length).Where(i => interpolant[i].Length > 0)];
        Room = (Stages.Length + Vector512<double>.Count - 1) / Vector512<double>.Count * Vector512<double>.Count;
        powers = interpolant.Max(row => row.Length);
        coefficients = new double[powers * Room];
        for (int i = 0; i < Stages.Length; i++)
        for (int k = 0; k < interpolant[Stages[i]].Length; k++)
            coefficients[((powers - 1 - k) * Room) + i] = interpolant[Stages[i]][k];
    }

    /// <summary>The stages that have a weight.</summary>
    public int[] Stages { get; }

    /// <summary>How many numbers <see cref="Fill"/> writes: the weights, and what makes the last vector whole.</summary>
    public int Room { get; }

    /// <summary>Fills in h·bᵢ(θ).</summary>
    public void Fill(double theta, double size, Span<double> weights)
    {
        for (int i = 0; i < Room; i += Vector512<double>.Count)
        {
            Vector512<double> weight = Vector512<double>.Zero;
            for (int row = i; row < coefficients.Length; row += Room)
                weight = (weight + Vector512.Create(coefficients.AsSpan(row, Vector512<double>.Count))) * theta;
            (weight * size).CopyTo(weights[i..]);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Implicit.Backends.Cpu;
using V = Implicit.Backends.Cpu.Lanes512<float>;

namespace Implicit.Benchmarks;

/// <summary>
/// f(y) = W₂·tanh(W₁·y³ + b₁) + b₂ for states of two numbers, and its product with a cotangent, as one would write them by hand: one loop over
/// states, all between the state and its slope in registers. Columns of the weights are rows of <see cref="Width"/> here, zeros behind.
/// </summary>
internal sealed unsafe class HandFusedNetwork
{
    private const int Width = 64;
    private readonly float* w0 = Row();
    private readonly float* w1 = Row();
    private readonly float* bias = Row();
    private readonly float* v0 = Row();
    private readonly float* v1 = Row();
    private readonly float[] last;

    /// <param name="layers">W₁ [n, 2], b₁ [n], W₂ [2, n], b₂ [2], n at most <see cref="Width"/>.</param>
    public HandFusedNetwork(Tensor[] layers)
    {
        float[][] numbers = [.. layers.Select(layer => layer.ToArray<float>())];
        int n = numbers[1].Length;
        for (int j = 0; j < n; j++)
        {
            (w0[j], w1[j]) = (numbers[0][2 * j], numbers[0][(2 * j) + 1]);
            (v0[j], v1[j]) = (numbers[2][j], numbers[2][n + j]);
            bias[j] = numbers[1][j];
        }
        last = numbers[3];
    }

    /// <summary>The totals of the last <see cref="Pull"/>: of W₁'s columns, b₁ and W₂'s rows.</summary>
    public float*[] Totals { get; } = [Row(), Row(), Row(), Row(), Row()];

    /// <summary>slopes = f(states), both [count, 2]. Lanes are added in a method of their own: the JIT inlines only so much into one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(float* states, float* slopes, int count)
    {
        V* sums = stackalloc V[2 * count];
        for (int i = 0; i < count; i++)
        {
            (V x0, V x1) = (Cube(states[2 * i]), Cube(states[(2 * i) + 1]));
            V sum0 = V.Of(0);
            V sum1 = sum0;
            for (int j = 0; j < Width; j += V.Count)
            {
                V hidden = Hidden(x0, x1, j);
                sum0 = V.MultiplyAdd(hidden, V.Load(v0 + j), sum0);
                sum1 = V.MultiplyAdd(hidden, V.Load(v1 + j), sum1);
            }
            (sums[2 * i], sums[(2 * i) + 1]) = (sum0, sum1);
        }
        AddLanes(sums, slopes, 2 * count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLanes(V* sums, float* slopes, int count)
    {
        for (int i = 0; i < count; i += 2)
            (slopes[i], slopes[i + 1]) = (V.Sum(sums[i]) + last[0], V.Sum(sums[i + 1]) + last[1]);
    }

    /// <summary>The cotangents of the states, for those of the slopes; fills in <see cref="Totals"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pull(float* states, float* cotangents, float* pulled, int count)
    {
        foreach (float* total in Totals)
            new Span<float>(total, Width).Clear();
        for (int i = 0; i < count; i++, states += 2, cotangents += 2, pulled += 2)
        {
            (V x0, V x1) = (Cube(states[0]), Cube(states[1]));
            (V a0, V a1) = (V.Broadcast(cotangents[0]), V.Broadcast(cotangents[1]));
            V sum0 = V.Of(0);
            V sum1 = sum0;
            for (int j = 0; j < Width; j += V.Count)
            {
                V hidden = Hidden(x0, x1, j);
                V before = (V.Of(1) - (hidden * hidden)) * ((a0 * V.Load(v0 + j)) + (a1 * V.Load(v1 + j)));
                Add(Totals[0] + j, before, x0);
                Add(Totals[1] + j, before, x1);
                Add(Totals[2] + j, before, V.Of(1));
                Add(Totals[3] + j, hidden, a0);
                Add(Totals[4] + j, hidden, a1);
                sum0 = V.MultiplyAdd(before, V.Load(w0 + j), sum0);
                sum1 = V.MultiplyAdd(before, V.Load(w1 + j), sum1);
            }
            pulled[0] = 3.0f * states[0] * states[0] * V.Sum(sum0);
            pulled[1] = 3.0f * states[1] * states[1] * V.Sum(sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Hidden(V x0, V x1, int j) =>
        Exponential.Tanh(V.MultiplyAdd(x0, V.Load(w0 + j), V.MultiplyAdd(x1, V.Load(w1 + j), V.Load(bias + j))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cube(float y) => V.Broadcast(y * y * y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* total, V a, V b) => V.Store(V.MultiplyAdd(a, b, V.Load(total)), total);

    /// <summary>Lives as long as the program does.</summary>
    private static float* Row()
    {
        float* row = (float*)NativeMemory.AlignedAlloc(Width * sizeof(float), 64);
        new Span<float>(row, Width).Clear();
        return row;
    }
}

using System.Numerics;
using Implicit.Shapes;
using Combination = Implicit.Kernels.Reduction;

namespace Implicit.Backends.Cpu;

/// <summary>A reduction under way: its value, for arg reductions the position, then how many were seen and the best.</summary>
internal struct FoldState
{
    public long Result;
    public long Seen;
    public long Best;
}

/// <summary>How blocks of elements are folded into one.</summary>
internal abstract unsafe class Fold(Combination reduction, int size)
{
    public int Size => size;

    public static Fold Of(Combination reduction, DType dtype) =>
        dtype switch
        {
            DType.Float64 => new Fold<double>(reduction),
            DType.Float32 => new Fold<float>(reduction),
            DType.Int64 => new Fold<long>(reduction),
            _ => new Fold<byte>(reduction),
        };

    public abstract void Begin(FoldState* state);

    public abstract void Add(FoldState* state, byte* values, int count);

    public void ForbidEmpty()
    {
        string? name = reduction switch
        {
            Combination.Minimum => "min",
            Combination.Maximum => "max",
            Combination.ArgMinimum => "argmin",
            Combination.ArgMaximum => "argmax",
            _ => null,
        };
        if (name != null)
            Throw.Error(name, "there must be at least one element to reduce", "none");
    }
}

internal sealed unsafe class Fold<T>(Combination reduction) : Fold(reduction, sizeof(T))
    where T : unmanaged, INumber<T>
{
    private readonly Combination reduction = reduction;

    public override void Begin(FoldState* state)
    {
        *state = default;
        *(T*)&state->Result = reduction == Combination.Product ? T.One : T.Zero;
    }

    public override void Add(FoldState* state, byte* values, int count)
    {
        T* x = (T*)values;
        for (int i = 0; i < count; i++, state->Seen++)
            if (reduction >= Combination.ArgMinimum)
                AddArg(state, x[i]);
            else
                *(T*)&state->Result = Combine(*(T*)&state->Result, x[i], state->Seen == 0);
    }

    private T Combine(T a, T b, bool first) =>
        reduction switch
        {
            Combination.Sum => a + b,
            Combination.Product => a * b,
            _ when first => b,
            Combination.Minimum => T.Min(a, b),
            _ => T.Max(a, b),
        };

    private void AddArg(FoldState* state, T x)
    {
        T best = *(T*)&state->Best;
        bool better = reduction == Combination.ArgMinimum ? x < best : x > best;
        if (state->Seen > 0 && (T.IsNaN(best) || !(better || T.IsNaN(x))))
            return;
        *(T*)&state->Best = x;
        state->Result = state->Seen;
    }
}

using Implicit.Graph;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// One step of a loop backward as a closed function: (arguments of the step, cotangents of the carries after it, cotangents of
/// outputs, sums so far) → (cotangents of the carries before it, sums so far, cotangents of elements). The sums are the cotangents of the
/// captures.
/// </summary>
internal sealed class Backstep
{
    private readonly LoopBody body;
    private readonly int[] carries;
    private readonly int[] outputs;
    private readonly int[] elements;
    private readonly int[] captures;
    private readonly bool[] present;
    private readonly int[] needed;

    public Backstep(LoopBody body, ReadOnlySpan<bool> needed, ReadOnlySpan<bool> present)
    {
        this.body = body;
        this.present = present.ToArray();
        this.needed = Flags.Indices(needed);
        carries = [.. Flags.Indices(body.Moving(needed)).Where(body.IsCarry)];
        outputs = [.. Flags.Indices(present).Where(i => i >= body.Carries)];
        elements = [.. this.needed.Where(body.IsElement)];
        captures = [.. this.needed.Where(i => i >= body.Carries + body.Elements)];
        Function = Trace();
    }

    public Function Function { get; }

    /// <summary>The results that become arguments of the step before: cotangents of carries, and sums.</summary>
    public (int Argument, int Result)[] Fed =>
        [
            .. Enumerable.Range(0, carries.Length).Select(i => (FirstCarry + i, i)),
            .. Enumerable.Range(0, captures.Length).Select(i => (FirstSum + i, carries.Length + i)),
        ];

    private int FirstCarry => body.Arguments;

    private int FirstOutput => FirstCarry + carries.Length;

    private int FirstSum => FirstOutput + outputs.Length;

    /// <summary>Sets the cotangents of the last carries, and the sums to zero.</summary>
    public void Begin(LoopBuffers loop, ReadOnlySpan<Buffer> inputs)
    {
        for (int i = 0; i < carries.Length; i++)
            if (present[carries[i]])
                loop.Set(FirstCarry + i, inputs[Cotangent(carries[i])]);
            else
                loop.Argument(FirstCarry + i).Clear();
        for (int i = 0; i < captures.Length; i++)
            loop.Argument(FirstSum + i).Clear();
    }

    /// <summary>Goes backward through one step; the step's own arguments are set.</summary>
    public void Pull(LoopBuffers loop, ReadOnlySpan<Buffer> inputs, ReadOnlySpan<Buffer?> results, int element)
    {
        for (int i = 0; i < outputs.Length; i++)
            loop.Take(FirstOutput + i, inputs[Cotangent(outputs[i])], element);
        loop.Run();
        int first = carries.Length + captures.Length;
        for (int i = 0; i < elements.Length; i++)
        {
            Buffer cotangent = loop.Result(first + i);
            results[Position(elements[i])]!.CopyFrom(cotangent, 0, element * cotangent.Length, cotangent.Length);
        }
    }

    /// <summary>Hands out the cotangents of the first carries and of the captures.</summary>
    public void End(LoopBuffers loop, ReadOnlySpan<Buffer?> results)
    {
        for (int i = 0; i < carries.Length; i++)
            if (Position(carries[i]) is var position and >= 0)
                Deliver(loop.Argument(FirstCarry + i), results[position]!);
        for (int i = 0; i < captures.Length; i++)
            Deliver(loop.Argument(FirstSum + i), results[Position(captures[i])]!);

        static void Deliver(Buffer value, Buffer result) => result.CopyFrom(value, 0, 0, value.Length);
    }

    private Function Trace()
    {
        TensorType[] arguments = body.Step.ArgumentTypes;
        TensorType[] results = body.Step.ResultTypes;
        return Function.TraceClosed(
            "scan",
            [
                .. arguments,
                .. carries.Select(i => arguments[i]),
                .. outputs.Select(i => results[i]),
                .. captures.Select(i => arguments[i]),
            ],
            Step
        );
    }

    private Tensor[] Step(Tensor[] all)
    {
        Tensor[] results = body.Step.Apply(all.AsSpan(0, body.Arguments));
        Tensor[] sources = [.. carries.Concat(captures).Concat(elements).Select(i => all[i])];
        Tensor[] targets = [.. carries.Concat(outputs).Select(i => results[i])];
        Tensor?[] pulled = Reverse.Pull(sources, targets, all.AsSpan(FirstCarry, targets.Length));
        var found = new Tensor[sources.Length];
        for (int i = 0; i < found.Length; i++)
        {
            bool isSum = i >= carries.Length && i < carries.Length + captures.Length;
            Tensor? sum = isSum ? all[FirstSum + i - carries.Length] : null;
            found[i] =
                sum is not null && pulled[i] is { } part
                    ? sum + part
                    : sum ?? pulled[i] ?? Tensor.ZerosLike(sources[i]);
        }
        return found;
    }

    /// <summary>The input that is the cotangent of a result of the loop.</summary>
    private int Cotangent(int result) => body.Arguments + 1 + present.AsSpan(0, result).Count(true);

    /// <summary>The output that is the cotangent of an argument of the loop, or −1.</summary>
    private int Position(int argument) => Array.IndexOf(needed, argument);
}

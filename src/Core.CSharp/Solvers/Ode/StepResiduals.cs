using Implicit.Graph;
using Implicit.Transforms;

namespace Implicit.Solvers.Ode;

/// <summary>
/// What the transpose of a step reads of the way to its results and is dear to compute again: the activations of a network. Those of
/// one type lie one after the other in one tensor, a pack.
/// </summary>
internal sealed class StepResiduals
{
    /// <summary>What a buffer takes beside its elements, roughly.</summary>
    private const long BytesPerBuffer = 128;

    private readonly OdeProblem problem;

    /// <summary>For each pack the positions of its parts among the residuals.</summary>
    private readonly int[][] packs;

    public StepResiduals(OdeProblem problem)
    {
        this.problem = problem;
        Function step = StepFunctions.Advance(problem);
        Own = step.Results.Length;
        IEnumerable<bool> captures = StepFunctions
            .Repeat(problem.Captures, problem.Method.Evaluations)
            .Select(type => type.DType.IsFloat);
        Step = Keeping(step, [false, false, .. Flags.All(2 * problem.Leaves), .. captures]);
        TensorType[] residuals = Step.ResultTypes[Own..];
        packs = [.. Enumerable.Range(0, residuals.Length).GroupBy(i => residuals[i]).Select(group => group.ToArray())];
        Types = Tensor.Types(Pack(Step.Results).AsSpan(Own));
        long elements = Types.Sum(type => type.Bytes);
        long buffers = BytesPerBuffer * (Own + Types.Length);
        PaysToKeep = elements > buffers;
        Bytes = buffers + elements + Step.ResultTypes[..Own].Sum(type => type.Bytes);
    }

    /// <summary><see cref="StepFunctions.Advance"/> with the residuals, one by one, behind its own results.</summary>
    public Function Step { get; }

    /// <summary>How many results a step has without residuals.</summary>
    public int Own { get; }

    /// <summary>The types of the packs.</summary>
    public TensorType[] Types { get; }

    /// <summary>
    /// Whether keeping a step pays: not where it is little or cheap arithmetic, which is done again as fast as its results are kept.
    /// </summary>
    public bool PaysToKeep { get; }

    /// <summary>The bytes of a step that is kept with its results and residuals.</summary>
    public long Bytes { get; }

    /// <summary>The results of <see cref="Step"/> with packs in place of residuals.</summary>
    public Tensor[] Pack(Tensor[] results) =>
        [
            .. results[..Own],
            .. packs.Select(parts => Tensor.Concat([.. parts.Select(part => AsRows(results[Own + part]))])),
        ];

    /// <summary>The transpose of <see cref="Pack"/>: the results of <see cref="Step"/> again.</summary>
    public Tensor[] Unpack(Tensor[] packed)
    {
        var results = new Tensor[Step.Results.Length];
        packed.AsSpan(0, Own).CopyTo(results);
        for (int i = 0; i < packs.Length; i++)
        {
            int start = 0;
            foreach (int part in packs[i])
            {
                TensorType type = Step.Results[Own + part].Type;
                int rows = type.Shape.Rank == 0 ? 1 : type.Shape[0];
                results[Own + part] = Tensor.Reshape(Tensor.Slice(packed[Own + i], 0, start, start + rows), type.Shape);
                start += rows;
            }
        }
        return results;
    }

    /// <summary>
    /// The transpose of <see cref="Step"/>: (its arguments, its results, cotangents of own results that are <paramref name="present"/>) →
    /// cotangents of y, k₁, and for each evaluation of the captures that are <paramref name="needed"/>.
    /// </summary>
    public Function Pullback(bool[] needed, bool[] present)
    {
        IEnumerable<bool> captures = StepFunctions.Repeat(needed, problem.Method.Evaluations);
        return Step.Pullback(
            [false, false, .. Flags.All(2 * problem.Leaves), .. captures],
            [.. present, .. new bool[Step.Results.Length - Own]]
        );
    }

    /// <summary>What has no transpose, such as a loop of unknown length, has no residuals either; whoever asks for the transpose is told.</summary>
    private static Function Keeping(Function step, bool[] needed)
    {
        try
        {
            return step.KeepingResiduals(needed, Flags.All(step.Results.Length));
        }
        catch (TensorException)
        {
            return step;
        }
    }

    private static Tensor AsRows(Tensor x) => x.Rank == 0 ? Tensor.Reshape(x, [1]) : x;
}

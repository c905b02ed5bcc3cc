using Implicit.Backends;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>
/// A closed function that a loop calls with some arguments that stay the same: what the plan lays out of those alone is laid out once
/// (<see cref="FixedFactors"/>).
/// </summary>
internal sealed class LoopFunction
{
    private static readonly BoundedCache<(Structure, ValueArray<bool>), LoopFunction> Known = new(
        key => new LoopFunction(key.Item1, key.Item2)
    );

    private readonly IExecutable step;
    private readonly IExecutable? layout;
    private readonly Program? layoutProgram;

    private LoopFunction(Structure structure, ValueArray<bool> isFixed)
    {
        PreparedPlan prepared = Device.Cpu.Plans[structure];
        ResultTypes = prepared.Plan.Outputs;
        step = prepared.Executable;
        if (FixedFactors.Split(prepared.Plan.Program, isFixed.Span) is not { } parts)
            return;
        layoutProgram = parts.Layout;
        layout = Device.Cpu.Backend.Prepare(parts.Layout);
        step = Device.Cpu.Backend.Prepare(parts.Run);
    }

    /// <summary>The types of the results.</summary>
    public TensorType[] ResultTypes { get; }

    /// <summary>The function's plan, found again if one of equal structure was made before.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isFixed">Which of its arguments stay the same.</param>
    public static LoopFunction For(Function function, ReadOnlySpan<bool> isFixed) =>
        Known[(function.Structure, [.. isFixed])];

    /// <summary>Begins a loop.</summary>
    /// <param name="arguments">The arguments, of which only those that stay the same are read.</param>
    /// <param name="before">The loop that this one goes on with and ends, with the same arguments among those that stay the same.</param>
    /// <param name="beside">A loop with the same arguments among those that stay the same, which ends after this one.</param>
    public Calls Begin(ReadOnlySpan<Buffer> arguments, Calls? before = null, Calls? beside = null) =>
        new(this, arguments, before, beside);

    /// <summary>The calls of one loop; they allocate nothing.</summary>
    public sealed class Calls : IDisposable
    {
        private readonly LoopFunction function;
        private readonly Buffer[] laidOut;

        /// <summary>Whether this loop gives back what was laid out.</summary>
        private bool isOwner;

        /// <summary>The arguments of a call, and behind them what was laid out.</summary>
        private readonly Buffer[] inputs;

        internal Calls(LoopFunction function, ReadOnlySpan<Buffer> arguments, Calls? before, Calls? beside)
        {
            this.function = function;
            bool isShared = beside is not null && IsLaidOutAlike(beside);
            isOwner = !isShared;
            if (isShared)
                laidOut = beside!.laidOut;
            else if (before is { isOwner: true } && IsLaidOutAlike(before))
                (laidOut, before.isOwner) = (before.laidOut, false);
            else
                laidOut = function.LayOut(arguments);
            before?.Dispose();
            inputs = [.. arguments, .. laidOut];
        }

        /// <summary>Computes the results into buffers of their types, none of which may be an argument.</summary>
        public void Run(ReadOnlySpan<Buffer> arguments, Span<Buffer> results)
        {
            arguments.CopyTo(inputs);
            function.step.Run(inputs, [], results!);
        }

        /// <summary>Ends the loop: gives back what was laid out.</summary>
        public void Dispose()
        {
            if (isOwner)
                Buffer.Release(laidOut);
        }

        private bool IsLaidOutAlike(Calls other) => other.function.layoutProgram == function.layoutProgram;
    }

    private Buffer[] LayOut(ReadOnlySpan<Buffer> arguments)
    {
        if (layout is null)
            return [];
        Buffer[] factors =
        [
            .. layoutProgram!
                .Slots.Where(slot => slot.Kind == SlotKind.Output)
                .Select(slot => Device.Cpu.Backend.Allocate(slot.DType, slot.Length)),
        ];
        layout.Run(arguments, [], factors!);
        return factors;
    }
}

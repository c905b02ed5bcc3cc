using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// A loop that ends when its state says so: (states, captures of the condition, captures of the step) → last states. Its tangent
/// is the same loop with tangents beside the states; its cotangent does not exist, since it would have to keep a number of states
/// that nobody knows.
/// </summary>
/// <param name="Condition">(states, captures) → bool.</param>
/// <param name="Step">(states, captures) → states.</param>
/// <param name="States">How many tensors the state has.</param>
/// <param name="MaxSteps">When to give up.</param>
internal sealed record WhileOp(Function Condition, Function Step, int States, int MaxSteps) : HostOp
{
    public override string Name => "whileLoop";

    public override bool IsCostly => true;

    private int Tested => Condition.Arguments.Length - States;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => inputs[..States].ToArray();

    public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed) =>
        Throw.Error<Tensor?[]>(
            Name,
            "a loop of unknown length must not be differentiated in reverse mode: use scan for a known number of steps, fixedPoint "
                + "for an iteration to convergence, or forward mode (jvp, jacobianForward)",
            $"a derivative of {Results(tuple)[0].Type}"
        );

    public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
    {
        var body = new LoopBody(Step, States, 0);
        Tensor[] inputs = tuple.Inputs.ToArray();
        Tensor[] arguments = [.. inputs[..States], .. inputs[(States + Tested)..]];
        Tensor?[] given = [.. tangents[..States], .. tangents[(States + Tested)..]];
        bool[] moving = body.Moving(Flags.Present(given));
        var layout = new Augmented(body, moving);
        LoopBody augmented = body.Jvp(moving);
        Tensor[] paired = layout.Pair(arguments, i => given[i] ?? Tensor.ZerosLike(arguments[i]));
        Function condition = Function.TraceClosed(
            Name,
            [.. augmented.Step.ArgumentTypes[..augmented.Carries], .. Condition.ArgumentTypes[States..]],
            all => Condition.Apply([.. all[..States], .. all[augmented.Carries..]])
        );
        Tensor[] results = Tensor.ApplyMany(
            new WhileOp(condition, augmented.Step, augmented.Carries, MaxSteps),
            [.. paired[..augmented.Carries], .. inputs[States..(States + Tested)], .. paired[augmented.Carries..]]
        );
        return layout.ResultTangents<Tensor>(results);
    }

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (new WhileRun(this, new ValueArray<bool>(wanted.ToArray())), wanted.ToArray());

    /// <summary>Runs the loop: a compiled condition and a compiled step, called on the same buffers.</summary>
    private sealed class WhileRun(WhileOp op, ValueArray<bool> wanted) : IHostFunction
    {
        private readonly Lazy<CompiledFunction> condition = new(() => CompiledFunction.For(op.Condition));
        private readonly Lazy<CompiledFunction> step = new(() => CompiledFunction.For(op.Step));

        private (WhileOp, ValueArray<bool>) Identity => (op, wanted);

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            Buffer[] given = inputs.ToArray();
            int states = op.States;
            int firstCapture = states + op.Tested;
            (int, int)[] fed = [.. Enumerable.Range(0, states).Select(i => (i, i))];
            Func<int, Buffer?> captured = i => i < states ? null : given[i - states + firstCapture];
            var loop = new LoopBuffers(step.Value, op.Step.ArgumentTypes, captured, fed);
            for (int i = 0; i < states; i++)
                loop.Set(i, given[i]);
            Buffer[] tested = given[..firstCapture];
            Buffer?[] holds = Hosting.Allocate(op.Condition.ResultTypes);
            int steps = 0;
            while (Holds())
            {
                if (steps++ == op.MaxSteps)
                    Throw.Failure(
                        op.Name,
                        "the condition must become false within maxSteps",
                        $"a condition that still holds after {op.MaxSteps} steps"
                    );
                loop.Run();
            }
            for (int i = 0, next = 0; i < states; i++)
                if (wanted[i])
                    outputs[next++]!.CopyFrom(loop.Argument(i), 0, 0, given[i].Length);

            bool Holds()
            {
                for (int i = 0; i < states; i++)
                    tested[i] = loop.Argument(i);
                condition.Value.Run(tested, holds!);
                return holds[0]!.Read<byte>()[0] != 0;
            }
        }

        public override bool Equals(object? obj) => obj is WhileRun other && Identity.Equals(other.Identity);

        public override int GetHashCode() => Identity.GetHashCode();
    }
}

using Implicit.Control;
using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>A solver of the caller's: (start, data) → z, flat; called with tensors whose values can be read.</summary>
internal delegate Tensor Solver(Tensor start, Tensor[] data);

/// <summary>
/// A solver of the caller's, of which only answers are seen. They are held against the equation that they must satisfy. The solver itself, a
/// <see cref="Solver"/>, is the last capture.
/// </summary>
/// <param name="Name">Who solves, for messages.</param>
/// <param name="Data">How many captures are the data that the solver is given.</param>
/// <param name="Residual">(z, data, captures, solver) → F.</param>
/// <param name="Tolerance">What is allowed for F at the answer.</param>
internal sealed record BlackBox(string Name, int Data, Function Residual, EquationTolerance Tolerance) : IFinder
{
    public bool SolvesBatches => false;

    public IHostFunction Runner(ItemAxis? items, OnFail onFail) => new Run(this);

    /// <summary>(start, z, captures) → ‖F(z)‖ and what is allowed for it.</summary>
    private Function Measure() =>
        Function.TraceClosed(
            Name,
            [Residual.Arguments[0].Type, .. Residual.ArgumentTypes],
            all =>
            {
                Tensor residual = Residual.Apply(all.AsSpan(1))[0];
                Tensor first = WideNorm.Of(Residual.Apply([all[0], .. all[2..]])[0]);
                return [Tensor.Stack([WideNorm.Of(residual), Tolerance.For(all[1], residual, first)])];
            }
        );

    /// <summary>Calls the solver: (start, data, captures, solver) → z.</summary>
    private sealed record Run(BlackBox Box) : IHostFunction
    {
        void IHostFunction.Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            var given = new Tensor[1 + Box.Data];
            for (int i = 0; i < given.Length; i++)
                given[i] = Tensor.Data(Elements.Copy(inputs[i]), Box.Residual.Arguments[i].Type.Shape);
            var solver = (Solver)((ObjectBuffer)inputs[^1]).Value;
            Buffer answer = Reading.Force(solver(given[0], given[1..]));
            outputs[0]!.CopyFrom(answer, 0, 0, answer.Length);
            var measure = CompiledFunction.For(Box.Measure());
            Buffer[] found = measure.AllocateResults();
            measure.Run([inputs[0], outputs[0]!, .. inputs[1..]], found);
            (double residual, double allowed) = (Elements.At(found[0], 0), Elements.At(found[0], 1));
            if (!(residual <= allowed))
                throw new SolveException(
                    FormattableString.Invariant(
                        $"[{Box.Name}] the solver's answer must satisfy the equation, to be differentiated by it. Received one with residual {residual:g6}, {allowed:g6} allowed."
                    )
                );
        }
    }
}

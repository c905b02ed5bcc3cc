using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Turns the kernels of a program into machine code: consecutive tiny ones, and tiny epilogues, into one method, the bodies of the others into
/// a loop each. What has no code is run as before.
/// </summary>
internal static class Emission
{
    /// <summary>The steps that do what the kernels do, with vectors of so many bits.</summary>
    public static PreparedKernel[] Of(Program program, PreparedKernel[] prepared, int bits)
    {
        var steps = new List<PreparedKernel>();
        StraightLine? run = null;
        int size = 0;
        for (int i = 0; i < prepared.Length; i++)
        {
            var product = program.Kernels[i] as MatMul;
            TinyKernel? tiny = TinyKernel.Of(product?.Epilogue ?? program.Kernels[i], bits);
            if (run != null && (tiny == null || product != null || size + tiny.Size > InliningBudget.Most))
            {
                steps.Add(new EmittedRun(run.Complete()));
                (run, size) = (null, 0);
            }
            if (tiny == null)
            {
                prepared[i].Emit(bits);
                steps.Add(prepared[i]);
                continue;
            }
            if (product != null)
                steps.Add(Preparation.Of(product with { Epilogue = null }, program.Slots.Span));
            run ??= new StraightLine(program.Slots);
            run.Add(tiny);
            size += tiny.Size;
        }
        if (run != null)
            steps.Add(new EmittedRun(run.Complete()));
        return [.. steps];
    }
}

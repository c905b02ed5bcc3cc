using Implicit.Graph;
using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>A program with what its caller must know to run it.</summary>
/// <param name="Program">The kernels.</param>
/// <param name="Outputs">The types of the outputs.</param>
internal sealed record Plan(Program Program, TensorType[] Outputs)
{
    /// <summary>Lowers a structure and runs all passes over it.</summary>
    public static Plan For(Structure structure) => For(structure, Passes.All);

    /// <summary>Lowers a structure and runs given passes over it.</summary>
    public static Plan For(Structure structure, IEnumerable<Func<Program, Program>> passes)
    {
        Plan plan = Lowering.Lower(structure);
        Program program = plan.Program;
        foreach (Func<Program, Program> pass in passes)
        {
            program = pass(program);
            Verifier.CheckIfEnabled(program);
        }
        return plan with { Program = program };
    }
}

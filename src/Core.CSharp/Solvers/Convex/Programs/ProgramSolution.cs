namespace Implicit.Solvers.Convex.Programs;

/// <summary>The account of a problem that was solved as a quadratic program.</summary>
internal sealed class ProgramSolution<T>(T value, QpSolution program, ProgramReading reading, Tensor constant)
    : ArgminSolution<T>(value)
{
    public override IReadOnlyList<Tensor> Duals => [.. reading.Places.Select(place => place.Dual(program))];

    public override Tensor Objective => program.Objective + constant;

    public override QpStatus Status => program.Statuses[0];

    public override string Message => program.Messages[0];

    public override int Iterations => program.Iterations[0];

    public override QpSolution? Program => program;

    public override string ToString() => program.ToString();
}

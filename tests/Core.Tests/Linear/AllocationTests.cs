using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Steps of every Krylov method, restarts among them, allocate nothing on the managed heap: many allocate what few do.</summary>
public sealed class AllocationTests
{
    private const int N = 200;

    /// <summary>Beyond the restart of GMRES, whose basis grows until then.</summary>
    private const int Few = 40;
    private const int Many = 120;

    /// <summary>LSMR takes no preconditioner.</summary>
    public static TheoryData<string, bool, int> Cases =>
        [
            .. from method in Systems.Methods
            where method.Value is LinearSolver.Krylov
            from isPreconditioned in (bool[])[false, true]
            where !(isPreconditioned && method.Value is LinearSolver.Lsmr)
            from columns in (int[])[1, 3]
            select (method.Key, isPreconditioned, columns),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void More_steps_allocate_nothing_more(string name, bool isPreconditioned, int columns)
    {
        var method = (LinearSolver.Krylov)Systems.Methods[name];
        var preconditioner = LinearOperator.Diagonal(1.0 + (0.5 * Tensor.Cos(Positions)));
        var a = LinearOperator.Diagonal(Tensor.Exp(Positions * (Math.Log(1000.0) / N)));
        Tensor b = Rights(columns);
        Bytes.AssertFlat(
            steps =>
                LinearSystem
                    .TrySolve(
                        a,
                        b,
                        method with
                        {
                            MaxSteps = steps,
                            RelativeTolerance = 1e-15,
                            Preconditioner = isPreconditioned ? preconditioner : null,
                        }
                    )
                    .Iterations,
            Few,
            Many
        );
    }

    /// <summary>Richardson's iteration, which halves the residual here.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void More_steps_of_Richardson_allocate_nothing_more(int columns)
    {
        var a = LinearOperator.Diagonal(1.0 + (0.5 * Tensor.Cos(Positions)));
        Tensor b = Rights(columns);
        Bytes.AssertFlat(
            steps =>
                LinearSystem
                    .TrySolve(
                        a,
                        b,
                        new LinearSolver.Gmres
                        {
                            MaxSteps = steps,
                            RelativeTolerance = 1e-15,
                            Richardson = 1.0,
                        }
                    )
                    .Iterations,
            10,
            30
        );
    }

    private static Tensor Positions { get; } = Tensor.Cast(Tensor.Arange(N), DType.Float64);

    private static Tensor Rights(int columns) =>
        columns == 1
            ? Tensor.Sin(Positions + 1.0)
            : Tensor.Stack([.. Enumerable.Range(1, columns).Select(i => Tensor.Sin((i * Positions) + 1.0))], 1);
}

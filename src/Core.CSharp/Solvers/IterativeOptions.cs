using Implicit.Shapes;

namespace Implicit;

/// <summary>How an iterative solver solves, whatever its method, and how its solution is differentiated.</summary>
/// <typeparam name="TSelf">The options themselves.</typeparam>
public abstract record IterativeOptions<TSelf>
    : ITolerances<TSelf>,
        IStepLimit<TSelf>,
        IFailurePolicy<TSelf>,
        IVia<ImplicitDerivative, TSelf>
    where TSelf : IterativeOptions<TSelf>
{
    private protected IterativeOptions() { }

    /// <summary>What is allowed relative to the problem's own scale, as the type of the options says; by element type if null.</summary>
    public double? RelativeTolerance { get; init; }

    /// <summary>What is allowed beside that, in its own units; by element type if null.</summary>
    public double? AbsoluteTolerance { get; init; }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; init; } = 1000;

    /// <summary>What is given for a problem that could not be solved: an error, where nothing else is said. An account (<c>Solve</c>) has the best iterate.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>How the solution is differentiated.</summary>
    public ImplicitDerivative Derivative { get; init; } = new ImplicitDerivative.Exact();

    /// <summary>Checks all numbers: those that every type of options has, and a type's own.</summary>
    /// <param name="solve">Who solves, for the message.</param>
    internal virtual void Check(string solve)
    {
        Throw.Unless(
            RelativeTolerance is null or >= 0.0 && AbsoluteTolerance is null or >= 0.0,
            solve,
            "the tolerances must not be negative",
            $"rtol {RelativeTolerance}, atol {AbsoluteTolerance}"
        );
        Throw.Unless(MaxSteps >= 0, solve, "the step limit must not be negative", $"{MaxSteps}");
        OnFail.Check(solve);
        Throw.IfMissing(Derivative, solve, "the derivative");
        Derivative.Check(solve);
    }

    private TSelf Self => (TSelf)this;

    TSelf ITolerances<TSelf>.WithRelativeTolerance(double relative) => Self with { RelativeTolerance = relative };

    TSelf ITolerances<TSelf>.WithAbsoluteTolerance(double absolute) => Self with { AbsoluteTolerance = absolute };

    TSelf IStepLimit<TSelf>.WithMaxSteps(int count) => Self with { MaxSteps = count };

    TSelf IFailurePolicy<TSelf>.WithOnFail(OnFail policy) => Self with { OnFail = policy };

    TSelf IVia<ImplicitDerivative, TSelf>.Via(ImplicitDerivative how) => Self with { Derivative = how };
}

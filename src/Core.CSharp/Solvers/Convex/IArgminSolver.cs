namespace Implicit;

/// <summary>A way to solve optimisation problems: <see cref="QpOptions"/>, <see cref="MinimiseOptions"/>, or one of the caller's own.</summary>
public interface IArgminSolver
{
    /// <summary>The minimiser, differentiable with respect to every tensor that the problem captures.</summary>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
    /// <param name="program">The problem.</param>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="TensorException">The problem is not of the kind that is solved; the message names what is not.</exception>
    /// <exception cref="SolveException">There is no minimiser, or it was not found; the message says why and what to try.</exception>
    T Argmin<T>(ConvexProgram<T> program, T x0);

    /// <summary>Solves and gives the full account. Never throws for numerical failure.</summary>
    /// <typeparam name="T">The variable: a tensor, or any tree of tensors.</typeparam>
    /// <param name="program">The problem.</param>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="TensorException">The problem is not of the kind that is solved; the message names what is not.</exception>
    ArgminSolution<T> Solve<T>(ConvexProgram<T> program, T x0);
}

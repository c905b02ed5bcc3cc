using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Solvers;
using Implicit.Solvers.Ode;
using Implicit.Transforms;

namespace Implicit;

/// <summary>Initial value problems of ordinary differential equations, y′ = f(t, y), y(t₀) = y₀.</summary>
public static class Ode
{
    /// <summary>
    /// The solution at given times. It is differentiable with respect to y₀, the times, and every tensor that the field captures.
    /// </summary>
    /// <typeparam name="T">The state: a tensor, or any record, tuple, list or array of tensors.</typeparam>
    /// <param name="field">f(t, y), with t a scalar of the state's element type; returns the type of the state.</param>
    /// <param name="times">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial state.</param>
    /// <param name="options">How to solve; Dopri5 at rtol 1e-7, atol 1e-9 if null.</param>
    /// <returns>The state at the times: each leaf has a time axis of extent m in front.</returns>
    /// <exception cref="TensorException">The arguments do not fit together.</exception>
    /// <exception cref="SolveException">The last time was not reached; the message says why, where and what to try.</exception>
    /// <remarks>
    /// Methods and dense output: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I. Derivatives: see <see cref="Adjoint"/>.
    /// </remarks>
    public static T Integrate<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions? options = null)
    {
        OdeSetup setup = OdeSetup.Of(field, times, y0, options ??= new OdeOptions());
        var op = new OdeintOp(setup.Problem, options.OnFail, setup.Moving);
        Tensor[] results = Tensor.ApplyMany(op, [.. setup.Y0, .. setup.Captures, setup.Times]);
        Tensor[] rows = results[..setup.Y0.Length];
        Reading.ForceUnlessTraced(rows);
        return Tree.With(y0, rows);
    }

    /// <summary>
    /// Solves now and gives the full account: status, cost, dense solution. Never throws for numerical failure: then the values are
    /// those at the times that were reached.
    /// </summary>
    /// <typeparam name="T">The state: a tensor, or any record, tuple, list or array of tensors.</typeparam>
    /// <param name="field">f(t, y), with t a scalar of the state's element type; returns the type of the state.</param>
    /// <param name="times">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial state.</param>
    /// <param name="options">How to solve; Dopri5 at rtol 1e-7, atol 1e-9 if null.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    public static OdeSolution<T> Solve<T>(Func<Tensor, T, T> field, Tensor times, T y0, OdeOptions? options = null)
    {
        // A failure of what is given is no failure of the solve.
        Compute(Tree.Leaves((times, y0)));
        try
        {
            return SolveNow(OdeSetup.Of(field, times, y0, options ?? new OdeOptions()), y0);
        }
        catch (Exception error) when (SolveException.TellsFailure(error))
        {
            // What the field computes without the state and the time is computed before the first step.
            return OdeSolution<T>.OfNoSteps(times, y0, error);
        }
    }

    /// <summary>
    /// Solves a batch of problems now, item by item, and gives an account of each. An item's solution is to the bit what it is alone, whatever becomes
    /// of the others: those that fail can be left out of a batch that is then differentiated through <see cref="Integrate"/>.
    /// </summary>
    /// <typeparam name="TData">What differs from item to item: any tree of tensors.</typeparam>
    /// <typeparam name="T">The state: a tensor, or any record, tuple, list or array of tensors.</typeparam>
    /// <param name="field">f(data, t, y) for one item, with t a scalar of the state's element type; returns the type of the state.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="times">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial states: the items along axis 0 of every tensor.</param>
    /// <param name="options">How to solve; Dopri5 at rtol 1e-7, atol 1e-9 if null.</param>
    /// <returns>The solutions.</returns>
    /// <exception cref="TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    public static OdeSolutions<T> SolveEach<TData, T>(
        Func<TData, Tensor, T, T> field,
        TData data,
        Tensor times,
        T y0,
        OdeOptions? options = null
    )
    {
        (Tensor[] given, Tensor[] starts) = (Tree.Leaves(data), Tree.Leaves(y0));
        int size = Vectorisation.Size("Ode.solveEach", [.. starts, .. given]);
        Compute([.. starts, .. given]);
        var items = new OdeSolution<T>[size];
        for (int item = 0; item < size; item++)
        {
            TData own = Tree.With(data, Item(given, item));
            items[item] = Solve((t, y) => field(own, t, y), times, Tree.With(y0, Item(starts, item)), options);
        }
        return OdeSolutions<T>.Of(items, times.Length, y0);
    }

    private static void Compute(Tensor[] given) => Reading.Force(Array.FindAll(given, tensor => !tensor.IsTraced));

    private static Tensor[] Item(Tensor[] batches, int item) => Array.ConvertAll(batches, batch => Item(batch, item));

    /// <summary>An item; of numbers without a plan.</summary>
    private static Tensor Item(Tensor batch, int item)
    {
        if (batch.IsTraced)
            return Tensor.Index(batch, 0, item);
        Shape shape = batch.Shape.Skip(1);
        return Tensor.Data(Elements.Row(batch.Value!, item, shape.Length), shape);
    }

    private static OdeSolution<T> SolveNow<T>(OdeSetup setup, T y0)
    {
        Throw.Unless(
            setup.IsConcrete,
            "Ode.solve",
            "status and statistics are known only when the numbers are; inside a transform use odeint",
            "a traced state, time or capture"
        );
        var solution = new DenseSolution(setup);
        (OdeStatus status, string message, OdeStatistics statistics) = solution.Run();
        return new OdeSolution<T>(
            status,
            message,
            solution.Times,
            Tree.With(y0, solution.Rows),
            statistics,
            time => Tree.With(y0, solution.At(time))
        );
    }
}

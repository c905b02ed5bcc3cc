extern alias front;

using front::Implicit;
using Microsoft.FSharp.Core;

namespace Implicit.Benchmarks;

/// <summary>An ODE solved by what F# calls: curried, with a solver for a value.</summary>
internal static class FrontSolve
{
    /// <summary><c>odeint (dopri5 |> tol relative absolute) field times y0</c>, traced in each call.</summary>
    public static Func<Tensor> Of(
        Func<Tensor, Tensor, Tensor> field,
        Tensor times,
        Tensor y0,
        double relative,
        double absolute
    )
    {
        FSharpFunc<Tensor, FSharpFunc<Tensor, Tensor>> curried = FuncConvert.FromFunc(field);
        OdeSolver solver = front::Implicit.Solvers.tol<OdeSolver>(relative, absolute, OdeSolvers.dopri5);
        return () => Odeint.odeint(solver, curried, times, y0);
    }
}

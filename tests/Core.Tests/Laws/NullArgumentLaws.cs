using System.Linq.Expressions;
using System.Reflection;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Every function of the front says which of its arguments is null.</summary>
public sealed class NullArgumentLaws
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, string> Arguments()
    {
        var rows = new TheoryData<string, string>();
        foreach (MethodInfo method in FrontFunctions.All)
        foreach (ParameterInfo parameter in method.GetParameters().Where(MustBeGiven))
            rows.Add($"{method}", parameter.Name!);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void An_argument_that_is_null_is_named(string method, string argument)
    {
        MethodInfo chosen = FrontFunctions.All.Single(candidate => $"{candidate}" == method);
        var error = Assert.Throws<TensorException>(() => Call(chosen, argument));
        Assert.Equal($"[{FrontFunctions.NameOf(chosen)}] {argument} must be given. Received null.", error.Message);
    }

    [Fact]
    public void A_null_among_tensors_is_named()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        Expect("[stack] each of the items must be given. Received null.", () => Functions.Stack([x, null!]));
        Expect(
            "[einsum] each of the operands must be given. Received null.",
            () => Functions.Einsum("i,i->", x, null!)
        );
    }

    [Fact]
    public void An_operand_that_is_null_is_told_from_the_other()
    {
        Tensor x = Tensor.Of(1.0, 2.0),
            missing = null!;
        Expect("[multiply] the right operand must be given. Received null.", () => x * missing);
        Expect("[add] the left operand must be given. Received null.", () => missing + x);
        Expect("[greater] the right operand must be given. Received null.", () => x > missing);
        Expect("[divide] the tensor must be given. Received null.", () => missing / 2);
        Expect("[subtract] the tensor must be given. Received null.", () => 1.0 - missing);
        Expect("[negate] the tensor must be given. Received null.", () => -missing);
        Expect("[not] the tensor must be given. Received null.", () => !missing);
        Expect("[toDouble] the tensor must be given. Received null.", () => (double)missing);
    }

    [Fact]
    public void A_part_of_a_program_that_is_null_is_named()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        var nearest = ConvexProgram.Minimise((Tensor y) => Tensor.Sumsq(y - x));
        Expect(
            "[argmin] the objective must be given. Received null.",
            () => ConvexProgram.Minimise((Tensor y) => null!).Argmin(x)
        );
        Expect(
            "[argmin] a list of constraints must be given. Received null.",
            () => nearest.SubjectTo(y => null!).Argmin(x)
        );
        Expect("[argmin] a constraint must be given. Received null.", () => nearest.SubjectTo(y => [null!]).Argmin(x));
        Expect("[qp] q must be given. Received null.", () => Argmin.Qp(new QuadraticProgram(null!)));
        Expect(
            "[linearOperator] what the function returns must be given. Received null.",
            () => LinearSystem.Solve((Tensor y) => null!, x)
        );
        Expect("[randomKey] the value must be given. Received null.", () => new RandomKey(null!));
    }

    [Fact]
    public void What_a_solver_is_given_and_is_null_is_named()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        Func<Tensor, Tensor, Tensor> field = (_, y) => -y;
        Expect("[odeint] the vector field must be given. Received null.", () => Ode.Solve(null!, x, x));
        Expect("[odeint] the output times must be given. Received null.", () => Ode.Solve(field, null!, x));
        Expect(
            "[odeint] the adjoint must be given. Received null.",
            () => Ode.Solve(field, x, x, new OdeOptions { Adjoint = null! })
        );
        Expect(
            "[root] the derivative must be given. Received null.",
            () => Root.Solve(y => y, x, new EquationOptions { Derivative = null! })
        );
        Expect("[minimise] the objective must be given. Received null.", () => Minimise.Solve((Tensor y) => null!, x));
        Expect(
            "[minimise] the method must be given. Received null.",
            () => Minimise.Solve((Tensor y) => Tensor.Sumsq(y), x, new MinimiseOptions { Method = null! })
        );
        Expect(
            "[leastSquares] the method must be given. Received null.",
            () => LeastSquares.Solve((Tensor y) => y, x, new LeastSquaresOptions { Method = null! })
        );
        Expect(
            "[leastSquares] the residuals must hold at least one tensor. Received none.",
            () => LeastSquares.Solve((Tensor y) => (Tensor)null!, x)
        );
    }

    [Fact]
    public void A_function_that_is_null_is_named_where_an_account_is_asked_for()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        Func<Tensor, Tensor>? none = null;
        Func<Tensor, Tensor, Tensor>? noneOfTwo = null;
        Expect("[fixedPoint] the function must be given. Received null.", () => FixedPoint.Solve(none!, x));
        Expect("[fixedPoint] the function must be given. Received null.", () => FixedPoint.SolveEach(noneOfTwo!, x, x));
        Expect("[root] the function must be given. Received null.", () => Root.Solve(none!, x));
        Expect("[leastSquares] the residuals must be given. Received null.", () => LeastSquares.Solve(none!, x));
        Expect(
            "[leastSquares] the residuals must be given. Received null.",
            () => LeastSquares.SolveEach(noneOfTwo!, x, x)
        );
        Expect("[minimise] f must be given. Received null.", () => Minimise.Solve(none!, x));
        Expect("[minimise] f must be given. Received null.", () => Minimise.SolveEach(noneOfTwo!, x, x));
        Expect(
            "[whileLoop] the condition must be given. Received null.",
            () => Functions.WhileLoop((Tensor _) => null!, y => y, x)
        );
    }

    private static void Expect(string message, Func<object> call) =>
        Assert.Equal(message, Assert.Throws<TensorException>(call).Message);

    /// <summary>Whether a parameter is a reference that must not be null. A tree may be: it then holds no tensors.</summary>
    private static bool MustBeGiven(ParameterInfo parameter)
    {
        var method = (MethodInfo)parameter.Member;
        ParameterInfo written = method.IsGenericMethod
            ? method.GetGenericMethodDefinition().GetParameters()[parameter.Position]
            : parameter;
        return !parameter.ParameterType.IsValueType
            && !written.ParameterType.IsGenericParameter
            && Nullability.Create(written).WriteState != NullabilityState.Nullable;
    }

    private static void Call(MethodInfo method, string without) =>
        FrontFunctions.Call(
            method,
            parameter =>
                parameter.Name == without
                    ? Expression.Default(parameter.ParameterType)
                    : FrontFunctions.Something(parameter.ParameterType)
        );
}

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
        foreach (MethodInfo method in Methods())
        foreach (ParameterInfo parameter in method.GetParameters().Where(MustBeGiven))
            rows.Add($"{method}", parameter.Name!);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void An_argument_that_is_null_is_named(string method, string argument)
    {
        MethodInfo chosen = Methods().Single(candidate => $"{candidate}" == method);
        string name = char.ToLowerInvariant(chosen.Name[0]) + chosen.Name[1..];
        var error = Assert.Throws<TensorException>(() => Call(chosen, argument));
        Assert.Equal($"[{name}] {argument} must be given. Received null.", error.Message);
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
        Expect("[randomKey] the value must be given. Received null.", () => new RandomKey(null!));
    }

    private static void Expect(string message, Func<object> call) =>
        Assert.Equal(message, Assert.Throws<TensorException>(call).Message);

    /// <summary>The functions of the front, with tensors for whatever trees they take.</summary>
    private static IEnumerable<MethodInfo> Methods() =>
        typeof(Functions)
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.IsGenericMethod ? OfTensors(method) : method);

    private static MethodInfo OfTensors(MethodInfo method) =>
        method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(Tensor))]);

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

    // By an expression, for reflection cannot pass spans.
    private static void Call(MethodInfo method, string without)
    {
        IEnumerable<Expression> arguments = method
            .GetParameters()
            .Select(parameter =>
                parameter.Name == without || parameter.ParameterType.IsValueType || !MustBeGiven(parameter)
                    ? Expression.Default(parameter.ParameterType)
                    : Something(parameter.ParameterType)
            );
        Expression.Lambda<Action>(Expression.Call(method, arguments)).Compile(preferInterpretation: false)();
    }

    private static Expression Something(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            IEnumerable<ParameterExpression> parameters = invoke
                .GetParameters()
                .Select(parameter => Expression.Parameter(parameter.ParameterType));
            return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters);
        }
        object[] known =
        [
            Tensor.Of(1.0, 2.0),
            RandomKey.Of(0),
            "",
            new[] { 1 },
            new[] { Tensor.Of(1.0, 2.0) },
            LinearOperator.Identity(Tensor.Of(1.0, 2.0)),
            new QuadraticProgram(Tensor.Of(1.0, 2.0)),
            ConvexProgram.Minimise((Tensor x) => Tensor.Sumsq(x)),
        ];
        return Expression.Constant(known.First(type.IsInstanceOfType), type);
    }
}

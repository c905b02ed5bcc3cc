using System.Linq.Expressions;
using System.Reflection;

namespace Implicit.Tests.Laws;

/// <summary>The functions of C#'s front, called with whatever arguments a law is about.</summary>
internal static class FrontFunctions
{
    /// <summary>All of them, with tensors for whatever trees they take.</summary>
    public static IReadOnlyList<MethodInfo> All { get; } =
    [
        .. typeof(Functions)
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.IsGenericMethod ? OfTensors(method) : method),
    ];

    /// <summary>What a function is called in errors: as in F#, where the field writes some names as one word, and ceil is F#'s own.</summary>
    public static string NameOf(MethodInfo method) =>
        method.Name switch
        {
            "LogDet" or "SlogDet" or "MatMul" => method.Name.ToLowerInvariant(),
            "Ceiling" => "ceil",
            string name => char.ToLowerInvariant(name[0]) + name[1..],
        };

    /// <summary>Calls a function; an argument is an expression, for reflection cannot pass spans.</summary>
    public static void Call(MethodInfo method, Func<ParameterInfo, Expression> argument) =>
        Expression.Lambda<Action>(Expression.Call(method, method.GetParameters().Select(argument))).Compile()();

    /// <summary>Some value of a type that functions take.</summary>
    public static Expression Something(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return Constant(type);
        object[] known =
        [
            Tensor.Of(1.0, 2.0),
            RandomKey.Of(0),
            "i,j->ij",
            new[] { 1 },
            new[] { Tensor.Of(1.0, 2.0) },
            (Shape)new[] { 2 },
            LinearOperator.Identity(Tensor.Of(1.0, 2.0)),
            new QuadraticProgram(Tensor.Of(1.0, 2.0)),
            ConvexProgram.Minimise((Tensor x) => Tensor.Sumsq(x)),
        ];
        return known.FirstOrDefault(type.IsInstanceOfType) is { } some
            ? Expression.Constant(some, type)
            : Expression.Default(type);
    }

    /// <summary>A function of a type that returns nothing.</summary>
    private static LambdaExpression Constant(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        IEnumerable<ParameterExpression> parameters = invoke
            .GetParameters()
            .Select(parameter => Expression.Parameter(parameter.ParameterType));
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters);
    }

    private static MethodInfo OfTensors(MethodInfo method) =>
        method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(Tensor))]);
}

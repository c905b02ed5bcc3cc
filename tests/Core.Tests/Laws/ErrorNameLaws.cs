using System.Linq.Expressions;
using System.Reflection;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>An error about the arguments of a function names it, and not another of which it is made.</summary>
public sealed class ErrorNameLaws
{
    private static readonly Tensor[] Arguments =
    [
        Tensor.Of(new long[] { 1, 2 }),
        Tensor.Cast(
            Tensor.Of(
                new double[,]
                {
                    { 2, 1 },
                    { 1, 2 },
                }
            ),
            DType.Int64
        ),
        Tensor.Of([1f, 2f]),
        Tensor.Of(1.0, 2.0, 3.0),
        Tensor.Of(
            new double[,]
            {
                { 2, 1 },
                { 1, 2 },
            }
        ),
        Tensor.Zeros([0]),
        Tensor.Scalar(2.0),
        Tensor.Zeros([2, 3, 4]),
        Tensor.Zeros([2, 3, 4], DType.Float32),
        Tensor.Greater(Tensor.Of(1.0, 2.0), 1.5),
    ];

    /// <summary>Axes that no argument has.</summary>
    private static readonly int[] NoAxes = [7];

    // What takes a function makes something of it, an operator or a program, whose errors are its own.
    public static TheoryData<string> Functions() =>
        [
            .. FrontFunctions
                .All.Where(method => TensorsOf(method) > 0 && !method.GetParameters().Any(TakesFunction))
                .Select(method => $"{method}"),
        ];

    [Theory]
    [MemberData(nameof(Functions))]
    public void An_error_names_the_function_that_was_called(string function)
    {
        MethodInfo method = FrontFunctions.All.Single(candidate => $"{candidate}" == function);
        int count = Arguments.Length * (TensorsOf(method) > 1 ? Arguments.Length : 1);
        for (int choice = 0; choice < count; choice++)
        {
            Tensor first = Arguments[choice % Arguments.Length],
                others = Arguments[choice / Arguments.Length];
            ExpectName(method, Record.Exception(() => Call(method, first, others, [])));
            ExpectName(method, Record.Exception(() => Call(method, first, others, NoAxes)));
        }
    }

    private static void ExpectName(MethodInfo method, Exception? error)
    {
        if (error is null)
            return;
        Assert.IsType<TensorException>(error);
        Assert.StartsWith($"[{FrontFunctions.NameOf(method)}]", error.Message);
    }

    private static bool TakesFunction(ParameterInfo parameter) =>
        typeof(Delegate).IsAssignableFrom(parameter.ParameterType);

    private static int TensorsOf(MethodInfo method) =>
        method
            .GetParameters()
            .Sum(parameter =>
                parameter.ParameterType == typeof(Tensor) ? 1
                : parameter.ParameterType == typeof(IReadOnlyList<Tensor>) ? 2
                : parameter.ParameterType == typeof(ReadOnlySpan<Tensor>) ? 2
                : 0
            );

    private static void Call(MethodInfo method, Tensor first, Tensor others, int[] axes)
    {
        Tensor next = first;
        FrontFunctions.Call(method, Argument);

        Expression Argument(ParameterInfo parameter)
        {
            Type type = parameter.ParameterType;
            if (type == typeof(IReadOnlyList<Tensor>))
                return Expression.Constant(new[] { first, others }, type);
            if (type == typeof(ReadOnlySpan<Tensor>))
                return Expression.Convert(Expression.Constant(new[] { first, others }), type);
            if (type == typeof(ReadOnlySpan<int>))
                return Expression.Convert(Expression.Constant(axes), type);
            if (type == typeof(Tensor))
            {
                Tensor chosen = next;
                next = others;
                return Expression.Constant(chosen);
            }
            if (parameter.HasDefaultValue && parameter.DefaultValue is { } value)
                return Expression.Constant(type.IsEnum ? Enum.ToObject(type, value) : value, type);
            return parameter.HasDefaultValue ? Expression.Default(type) : FrontFunctions.Something(type);
        }
    }
}

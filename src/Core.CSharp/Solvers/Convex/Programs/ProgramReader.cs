using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>Reads the data of a quadratic program off the graphs of its objective and constraints.</summary>
internal static class ProgramReader
{
    public const string Title = "argmin";

    private static readonly BoundedCache<ProgramForm, ProgramReading> Readings = new(ProgramReading.Of);

    /// <summary>Whether the program is to minimise a smooth function that is not quadratic, without constraints.</summary>
    public static bool IsDescent(ProgramForm form)
    {
        Function function = form.Function;
        ReadOnlySpan<Tensor> variables = function.Arguments.AsSpan(0, function.ParameterCount);
        Tensor objective = function.Results[0];
        return form.Comparisons.Count == 0
            && !(new Degrees(variables, Ones(variables.Length), [objective])[objective] <= 2)
            && Smoothness.Of(variables, objective);
    }

    /// <summary>The data, as expressions of what the program captures, and how they were read.</summary>
    public static (QuadraticProgram Program, Tensor Constant, ProgramReading Reading) Read(
        ProgramForm form,
        Tensor[] captures
    )
    {
        RequireQuadratic(form, captures);
        ProgramReading reading = Readings[form];
        (QuadraticProgram data, Tensor constant) = reading.Data(captures);
        return (data, constant, reading);
    }

    /// <summary>Checks the degrees; what breaks the rule is named as it was written.</summary>
    private static void RequireQuadratic(ProgramForm form, Tensor[] captures)
    {
        Function function = form.Function;
        ReadOnlySpan<Tensor> variables = function.Arguments.AsSpan(0, function.ParameterCount);
        var degrees = new Degrees(variables, Ones(variables.Length), function.Results);
        Require(
            function.Results[0],
            2,
            form.Comparisons.Count > 0
                ? "the objective must be a convex quadratic or linear function of the variable x"
                : "the objective must be a convex quadratic or linear function of the variable x, or known to be smooth (MinimiseOptions, in F# lbfgs, take any)"
        );
        for (int i = 0; i < form.Comparisons.Count; i++)
        {
            string rule = $"constraint {i + 1} must be affine in the variable x";
            Require(form.Left(i), 1, rule);
            Require(form.Right(i), 1, rule);
            Throw.Unless(
                degrees[form.Left(i)] > 0 || degrees[form.Right(i)] > 0,
                Title,
                $"constraint {i + 1} must depend on the variable x",
                "a comparison of constants"
            );
        }

        void Require(Tensor result, int limit, string rule)
        {
            if (degrees[result] <= limit)
                return;
            Tensor culprit = FirstAbove(result, limit);
            string why = degrees[culprit] is { } degree ? $"of degree {degree} in x" : "which is no polynomial of x";
            Throw.Error(Title, rule, $"{Text(culprit)} : {culprit.Type}, {why}");
        }

        Tensor FirstAbove(Tensor result, int limit)
        {
            foreach (Tensor node in Walk.Between(function.Arguments.AsSpan(0, function.ParameterCount), [result]))
                if (!(degrees[node] <= limit))
                    return node;
            return result;
        }

        string Text(Tensor node) => Printer.Expression(node, Name);

        string? Name(Tensor node)
        {
            int place = Array.IndexOf(function.Arguments, node);
            if (place < 0)
                return null;
            if (place < function.ParameterCount)
                return function.ParameterCount == 1 ? "x" : $"x{place + 1}";
            Tensor captured = captures[place - function.ParameterCount];
            return captured.Op is LiteralOp literal
                ? FormattableString.Invariant($"{literal.Number}")
                : $"{captured.Type}";
        }
    }

    private static int[] Ones(int count)
    {
        int[] ones = new int[count];
        Array.Fill(ones, 1);
        return ones;
    }
}

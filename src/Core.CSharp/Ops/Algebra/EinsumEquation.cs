using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>
/// An equation of index labels, resolved for operands of given shapes. Labels are numbers: those of letters are positive, the axes
/// that an ellipsis stands for are −1, −2, … from the last.
/// </summary>
internal sealed class EinsumEquation
{
    private readonly string text;

    private EinsumEquation(string text)
    {
        this.text = text;
    }

    /// <summary>For each operand the label of each axis.</summary>
    public List<int>[] Operands { get; private set; } = [];

    /// <summary>The label of each axis of the result.</summary>
    public List<int> Result { get; private set; } = [];

    /// <summary>The extent that each label stands for.</summary>
    public Dictionary<int, int> Extents { get; } = [];

    /// <summary>Reads an equation such as <c>bij,bjk->bik</c>.</summary>
    public static EinsumEquation Parse(string text, ReadOnlySpan<Tensor> operands)
    {
        var equation = new EinsumEquation(text);
        string[] sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
        equation.Require(sides.Length <= 2, "there must be at most one '->'");
        string[] terms = sides[0].Split(',');
        equation.Require(
            terms.Length == operands.Length,
            $"there must be as many terms as operands ({operands.Length})"
        );
        equation.Operands = new List<int>[terms.Length];
        foreach (Tensor operand in operands)
        {
            TensorType.RequireOneDType("einsum", operands[0].Type, operand.Type);
            Arithmetic.Numeric("einsum", operand.DType);
        }
        for (int i = 0; i < terms.Length; i++)
            equation.Operands[i] = equation.ReadOperand(terms[i], operands[i], i);
        equation.Result = sides.Length == 2 ? equation.ReadResult(sides[1]) : equation.ImplicitResult();
        return equation;
    }

    private List<int> ReadOperand(string term, Tensor operand, int number)
    {
        int broadcast = operand.Rank - term.Count(char.IsAsciiLetter);
        List<int> labels = ReadLabels(term, broadcast);
        bool open = term.Contains("...", StringComparison.Ordinal);
        Require(
            open ? broadcast >= 0 : broadcast == 0,
            $"term '{term}' must name each axis of operand {number}, {operand.Type}"
        );
        for (int axis = 0; axis < labels.Count; axis++)
            Meet(labels[axis], operand.Shape[axis], number, operand);
        return labels;
    }

    /// <summary>The labels of a term whose ellipsis stands for a number of axes.</summary>
    private List<int> ReadLabels(string term, int broadcast)
    {
        var labels = new List<int>();
        bool open = false;
        for (int i = 0; i < term.Length; i++)
        {
            if (char.IsAsciiLetter(term[i]))
            {
                labels.Add(term[i]);
                continue;
            }
            bool dots = string.CompareOrdinal(term, i, "...", 0, 3) == 0;
            Require(dots, $"labels must be letters or an ellipsis '...', not '{term[i]}'");
            Require(!open, $"term '{term}' must have at most one ellipsis");
            open = true;
            for (int axis = broadcast; axis > 0; axis--)
                labels.Add(-axis);
            i += 2;
        }
        return labels;
    }

    /// <summary>A letter stands for one extent; the axes of ellipses broadcast.</summary>
    private void Meet(int label, int extent, int number, Tensor operand)
    {
        if (!Extents.TryGetValue(label, out int known) || (label < 0 && known == 1))
            Extents[label] = extent;
        else if (extent != known && !(label < 0 && extent == 1))
            Require(
                false,
                $"{(label < 0 ? "the axes of an ellipsis must broadcast" : $"label '{(char)label}' must stand for one extent")}, "
                    + $"but operand {number}, {operand.Type}, has {extent} where an axis before has {known}"
            );
    }

    private List<int> ReadResult(string term)
    {
        int broadcast = Extents.Keys.Count(label => label < 0);
        List<int> labels = ReadLabels(term, broadcast);
        foreach (int label in labels)
            Require(Extents.ContainsKey(label), $"label '{(char)label}' of the result must occur in a term");
        Require(labels.Distinct().Count() == labels.Count, "a label must occur once in the result");
        Require(
            broadcast == labels.Count(label => label < 0),
            "the result must have an ellipsis, as the terms have one with axes"
        );
        return labels;
    }

    /// <summary>The axes of ellipses, then the labels that occur once, by the alphabet.</summary>
    private List<int> ImplicitResult() =>
        [
            .. Extents.Keys.Where(label => label < 0).Order(),
            .. Operands
                .SelectMany(labels => labels)
                .Where(label => label > 0)
                .GroupBy(label => label)
                .Where(group => group.Count() == 1)
                .Select(group => group.Key)
                .Order(),
        ];

    private void Require(bool holds, string must) => Throw.Unless(holds, "einsum", must, $"\"{text}\"");
}

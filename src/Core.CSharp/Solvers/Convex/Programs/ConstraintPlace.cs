using Implicit.Graph;
using Implicit.Kernels;

namespace Implicit.Solvers.Convex.Programs;

/// <summary>What a constraint became in the quadratic program.</summary>
internal enum ConstraintKind
{
    Equality,
    Inequality,
    LowerBound,
    UpperBound,
}

/// <summary>Where a constraint lies among its kind: rows of A·x = b or G·x ≤ h, or elements of a bound.</summary>
/// <param name="Kind">What it became.</param>
/// <param name="Start">The first row or element.</param>
/// <param name="Shape">Its shape, whose length is the number of rows.</param>
internal readonly record struct ConstraintPlace(ConstraintKind Kind, int Start, Shape Shape)
{
    /// <summary>The places of all constraints.</summary>
    public static ConstraintPlace[] Of(ProgramForm form)
    {
        var places = new ConstraintPlace[form.Comparisons.Count];
        var bounded = new HashSet<(ConstraintKind, int)>();
        int[] rows = new int[2];
        for (int i = 0; i < places.Length; i++)
        {
            Shape shape = form.ShapeOf(i);
            if (Bound(form, i) is { } bound && bounded.Add(bound))
                places[i] = new(bound.Kind, form.Variable.StartOf(bound.Tensor), shape);
            else
            {
                ConstraintKind kind =
                    form.Comparisons[i] == BinaryIntrinsic.Equal ? ConstraintKind.Equality : ConstraintKind.Inequality;
                places[i] = new(kind, rows[(int)kind], shape);
                rows[(int)kind] += shape.Length;
            }
        }
        return places;
    }

    /// <summary>Its multipliers, in its own shape.</summary>
    public Tensor Dual(QpSolution solution)
    {
        Tensor all = Kind switch
        {
            ConstraintKind.Equality => solution.Y,
            ConstraintKind.Inequality => solution.Z,
            ConstraintKind.LowerBound => solution.ZLower,
            _ => solution.ZUpper,
        };
        return Tensor.Reshape(Tensor.Slice(all, 0, Start, Start + Shape.Length), Shape);
    }

    /// <summary>A constraint that compares one whole tensor of the variable with what does not depend on the variable.</summary>
    private static (ConstraintKind Kind, int Tensor)? Bound(ProgramForm form, int constraint)
    {
        BinaryIntrinsic comparison = form.Comparisons[constraint];
        if (comparison == BinaryIntrinsic.Equal)
            return null;
        int left = Variable(form, form.Left(constraint));
        int right = Variable(form, form.Right(constraint));
        int tensor = Math.Max(left, right);
        Tensor other = left >= 0 ? form.Right(constraint) : form.Left(constraint);
        ReadOnlySpan<Tensor> variables = form.Function.Arguments.AsSpan(0, form.Function.ParameterCount);
        if (
            tensor < 0
            || form.ShapeOf(constraint) != form.Variable.Shapes[tensor]
            || Walk.Between(variables, [other]).Contains(other)
        )
            return null;
        bool isLower = left >= 0 == (comparison == BinaryIntrinsic.GreaterOrEqual);
        return (isLower ? ConstraintKind.LowerBound : ConstraintKind.UpperBound, tensor);
    }

    /// <summary>Which tensor of the variable a node is, or −1.</summary>
    private static int Variable(ProgramForm form, Tensor node) =>
        Array.IndexOf(form.Function.Arguments, node, 0, form.Function.ParameterCount);
}

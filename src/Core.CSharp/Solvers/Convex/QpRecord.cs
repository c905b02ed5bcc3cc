namespace Implicit.Solvers.Convex;

/// <summary>What the derivative of a solved batch needs: each item's scaled data, active set and factor. Data, never differentiated.</summary>
internal sealed class QpRecord(int items)
{
    private readonly QpBlock?[] blocks = new QpBlock?[items];
    private readonly QpStatus[] statuses = new QpStatus[items];
    private readonly double[] margins = new double[items];
    private readonly bool?[] areRegular = new bool?[items];

    public int Items => items;

    public void Keep(int item, QpBlock block) => blocks[item] = block;

    public void Describe(int item, QpStatus status, double margin) =>
        (statuses[item], margins[item]) = (status, margin);

    /// <summary>An item's block; null if it was not solved.</summary>
    public QpBlock? Block(int item) => blocks[item];

    public QpStatus Status(int item) => statuses[item];

    public double Margin(int item) => margins[item];

    /// <summary>Whether an item's system has one solution for every right side; asked once.</summary>
    public bool IsRegular(int item, Func<bool> ask) => areRegular[item] ??= ask();
}

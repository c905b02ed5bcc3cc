using System.Numerics;

namespace Implicit.Linear;

/// <summary>One solve of a batch on its way: which product it waits for.</summary>
internal sealed class KrylovItem<T>
    where T : unmanaged, INumber<T>
{
    private readonly IEnumerator<IEnumerator<Product<T>>> stages;
    private Product<T> product;
    private int done;

    public KrylovItem(int number, KrylovSolve<T> solve)
    {
        Number = number;
        Solve = solve;
        stages = solve.Run();
        IsRunning = stages.MoveNext() && MoveNext();
    }

    /// <summary>Its place in the batch.</summary>
    public int Number { get; }

    public KrylovSolve<T> Solve { get; }

    /// <summary>Whether it waits for a product.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The map to be applied to <see cref="Source"/>.</summary>
    public Factor Awaited => product.Factors[done];

    public ReadOnlySpan<T> Source => done == 0 ? product.Source : product.Target;

    /// <summary>Goes on with the image of the source.</summary>
    public void Advance(ReadOnlySpan<T> image)
    {
        if (!Vectors.CopyFinite(product.Target, image))
        {
            Break(HasGrown ? LinearStatus.Breakdown : LinearStatus.NonFinite);
            return;
        }
        if (++done < product.Factors.Length)
            return;
        done = 0;
        IsRunning = MoveNext();
    }

    /// <summary>Ends because there is no product that it could go on with.</summary>
    /// <param name="why">How it ends.</param>
    public void Break(LinearStatus why)
    {
        Solve.Break(why);
        IsRunning = false;
    }

    /// <summary>Whether the method made what is multiplied so large that its square is no number, for which no operator is to blame.</summary>
    private bool HasGrown =>
        !product.Source.Span.Overlaps(product.Target.Span)
        && double.IsPositiveInfinity(Vectors.Dot<T>(product.Source, product.Source));

    /// <summary>Goes on to the next product, past the pauses of stages.</summary>
    private bool MoveNext()
    {
        while (stages.Current.MoveNext() && stages.Current.Current.IsPause)
            if (!stages.MoveNext())
                return false;
        product = stages.Current.Current;
        return true;
    }
}

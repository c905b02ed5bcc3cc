namespace Implicit.Tests.Solvers.Convex;

/// <summary>Quadratic programs with known answers, and how to write them down.</summary>
internal static class Qps
{
    /// <summary>HS35 (Hock and Schittkowski 1981), q'x + ½x'Px + 9.</summary>
    public static QuadraticProgram Hs35 =>
        new(Tensor.Of(-8.0, -6.0, -4.0))
        {
            P = Matrix([4, 2, 2], [2, 4, 0], [2, 0, 2]),
            G = Matrix([1, 1, 2]),
            H = Tensor.Of(3.0),
            Lower = Tensor.Zeros([3]),
        };

    /// <summary>HS76.</summary>
    public static QuadraticProgram Hs76 =>
        new(Tensor.Of(-1.0, -3.0, 1.0, -1.0))
        {
            P = Matrix([2, 0, -1, 0], [0, 1, 0, 0], [-1, 0, 2, 1], [0, 0, 1, 1]),
            G = Matrix([1, 2, 1, 1], [3, 1, 2, -1], [0, -1, -4, 0]),
            H = Tensor.Of(5.0, 4.0, -1.5),
            Lower = Tensor.Zeros([4]),
        };

    /// <summary>The point of the simplex nearest to (1, 0.4, −0.2).</summary>
    public static QuadraticProgram Simplex =>
        new(Tensor.Of(-1.0, -0.4, 0.2))
        {
            P = Tensor.Eye(3),
            A = Matrix([1, 1, 1]),
            B = Tensor.Of(1.0),
            Lower = Tensor.Zeros([3]),
        };

    /// <summary>A matrix by its rows.</summary>
    public static Tensor Matrix(params double[][] rows) =>
        Tensor.Of([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);

    /// <summary>The data that a program has, in one order.</summary>
    public static Tensor[] Data(QuadraticProgram qp) =>
        [.. new[] { qp.Q, qp.P, qp.A, qp.B, qp.G, qp.H, qp.Lower, qp.Upper }.OfType<Tensor>()];

    /// <summary>The program with other data, in the order of <see cref="Data"/>.</summary>
    public static QuadraticProgram With(QuadraticProgram like, Tensor[] data)
    {
        var next = new Queue<Tensor>(data);
        return new QuadraticProgram(next.Dequeue())
        {
            P = Next(like.P),
            A = Next(like.A),
            B = Next(like.B),
            G = Next(like.G),
            H = Next(like.H),
            Lower = Next(like.Lower),
            Upper = Next(like.Upper),
        };

        Tensor? Next(Tensor? there) => there is null ? null : next.Dequeue();
    }
}

using Implicit.Control;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Shapes;

/// <summary>
/// A tensor has fewer than 2³¹ elements, however its shape came about: a product that wrapped around would make kernels write where nothing is.
/// </summary>
public sealed class SizeLimitTests
{
    private const int Half = 1 << 16;

    private static readonly Dictionary<string, Func<object>> TooLarge = new()
    {
        ["batched product"] = () => Tensor.MatMul(Tensor.Ones([4, 32768, 1]), Tensor.Ones([4, 1, 32768])),
        ["broadcast"] = () => Tensor.Ones([Half, 1]) + Tensor.Ones([Half]),
        ["vmap of expand"] = () => Vectorised(x => Tensor.Expand(x, [Half])),
        ["vmap of draws"] = () => Vectorised(x => x * Tensor.Normal(RandomKey.Of(1), [Half])),
        ["windows of windows"] = () => Tensor.Windows(Tensor.Windows(Tensor.Ones([4096, 4096]), 0, 12), 1, 12),
        ["window beyond"] = () => Tensor.Windows(Tensor.Ones([10]), 0, 5, 1, 1 << 30),
        ["pad"] = () => Tensor.Pad(Tensor.Ones([10]), [int.MaxValue], [int.MaxValue]),
        ["eye"] = () => Tensor.Eye(50_000),
        ["sum over none"] = () => Tensor.Sum(Tensor.Ones([0, Half, Half]), 0),
        ["scan"] = () =>
            Loops.Scan((Tensor c, Tensor[] _) => (c, Tensor.Expand(c, [Half])), Tensor.Scalar(1.0), [], Half),
        ["trajectory"] = () => Ode.Integrate((t, y) => -y, Tensor.Linspace(0.0, 1.0, Half), Tensor.Ones([Half])),
        ["jacobian"] = () => Functions.Jacobian(x => 2.0 * x, Tensor.Ones([Half])),
        ["outer"] = () => Tensor.Outer(Tensor.Ones([Half]), Tensor.Ones([Half])),
        ["windows of a convolution"] = () =>
            Tensor.Conv(Tensor.Expand(Tensor.Ones([1, 1, 1, 1]), [32, 64, 256, 256]), Tensor.Ones([1, 64, 5, 5])),
        ["no rows"] = () => Tensor.Ones([Half, Half, 0]),
        ["bfgs"] = () =>
            Minimise
                .Argmin(
                    x => Tensor.Sumsq(x - 1.0),
                    Tensor.Zeros([Half]),
                    new MinimiseOptions { Method = new MinimiseMethod.Bfgs() }
                )
                .ToArray(),
        ["tile"] = () => Tensor.Tile(Tensor.Ones([Half]), Half),
        ["stack"] = () => Tensor.Stack([.. Enumerable.Repeat(Tensor.Expand(Tensor.Ones([1, 1]), [32768, 32768]), 3)]),
        ["concat"] = () =>
            Tensor.Concat([.. Enumerable.Repeat(Tensor.Expand(Tensor.Ones([1, 1]), [32768, 32768]), 3)], 0),
        ["transposed convolution"] = () =>
            Tensor.ConvTranspose(Tensor.Ones([1, 1, 10]), Tensor.Ones([1, 1, 3]), [1 << 29]),
    };

    public static TheoryData<string> Cases => [.. TooLarge.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void More_elements_are_an_error(string name)
    {
        string message = Assert.Throws<TensorException>(TooLarge[name]).Message;
        Assert.Contains(name == "window beyond" ? "must fit axis 0" : "fewer than 2^31", message);
    }

    [Fact]
    public void A_program_of_too_many_equalities_is_an_error()
    {
        const int p = 46_400;
        Tensor rows = Tensor.Concat([Tensor.Ones([p, 1]), Tensor.Zeros([p, 1])], 1);
        string message = Assert
            .Throws<TensorException>(() =>
                Argmin.SolveQp(
                    new QuadraticProgram(Tensor.Ones([2]))
                    {
                        P = Tensor.Eye(2),
                        A = rows,
                        B = Tensor.Ones([p]),
                    }
                )
            )
            .Message;
        Assert.Contains("fewer than 2^31 numbers", message);
    }

    private static object Vectorised(Func<Tensor, Tensor> f) => Vectorisation.Vmap(f, Tensor.Ones([Half]));
}

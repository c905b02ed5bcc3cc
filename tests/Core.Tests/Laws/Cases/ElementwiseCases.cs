namespace Implicit.Tests.Laws.Cases;

internal static class ElementwiseCases
{
    public static IEnumerable<OpCase> All =>
        [
            OpCase.Unary("negate", x => -x, x => -x),
            OpCase.Unary("exp", Tensor.Exp, Math.Exp),
            OpCase.Binary("add", (a, b) => a + b, (a, b) => a + b),
            OpCase.Binary("subtract", (a, b) => a - b, (a, b) => a - b),
            OpCase.Binary("multiply", (a, b) => a * b, (a, b) => a * b),
            OpCase.Binary("divide", (a, b) => a / b, (a, b) => a / b, right: shape => Arg.Floats(shape, 0.5, 2.0)),
        ];
}

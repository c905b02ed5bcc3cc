using Implicit.Kernels;
using Implicit.Schedule;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>Plans in which no product is joined with a sum: a·b + c is written a·b − (−c), which is the same number, rounded twice.</summary>
internal static class MultiplyAdds
{
    public static Plan TakenApart(Plan plan) =>
        plan with
        {
            Program = plan.Program with { Kernels = [.. plan.Program.Kernels.Select(TakenApart)] },
        };

    private static Kernel TakenApart(Kernel kernel) =>
        kernel switch
        {
            Map map => TakenApart(map),
            MatMul { Epilogue: { } map } product => product with { Epilogue = TakenApart(map) },
            Reduce reduce => reduce with { Body = TakenApart(reduce.Body, Parts()) },
            _ => kernel,
        };

    private static Map TakenApart(Map map) => map with { Body = TakenApart(map.Body, Parts()) };

    private static Dictionary<Scalar, Scalar> Parts() => new(ReferenceEqualityComparer.Instance);

    private static Scalar TakenApart(Scalar body, Dictionary<Scalar, Scalar> known)
    {
        if (known.TryGetValue(body, out Scalar? found))
            return found;
        Scalar apart = body switch
        {
            Scalar.Unary unary => unary with { A = TakenApart(unary.A, known) },
            Scalar.Cast cast => cast with { A = TakenApart(cast.A, known) },
            Scalar.Binary { Intrinsic: BinaryIntrinsic.Add, DType.IsFloat: true } sum => TakenApart(sum.A, known)
                - (-TakenApart(sum.B, known)),
            Scalar.Binary binary => binary with { A = TakenApart(binary.A, known), B = TakenApart(binary.B, known) },
            Scalar.Select select => select with
            {
                Condition = TakenApart(select.Condition, known),
                Then = TakenApart(select.Then, known),
                Otherwise = TakenApart(select.Otherwise, known),
            },
            _ => body,
        };
        return known[body] = apart;
    }
}

using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Schedule;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// How many products plans join with a sum, and plans in which none is joined: a·b + c is written a·b − (−c), which is the same number, rounded twice.
/// </summary>
internal static class MultiplyAdds
{
    public static Plan TakenApart(Plan plan) =>
        plan with
        {
            Program = plan.Program with { Kernels = [.. plan.Program.Kernels.Select(TakenApart)] },
        };

    /// <summary>How many products the backend joins with a sum.</summary>
    public static int Count(Plan plan) =>
        plan.Program.Kernels.Sum(kernel => Body(kernel) is { } body ? Count(body) : 0);

    private static int Count(Scalar body) =>
        BodyNodes
            .Of(body, out bool[] isUsed)
            .Where((node, i) => isUsed[i] && node.Kind == NodeKind.MultiplyAdd)
            .Count();

    private static Scalar? Body(Kernel kernel) =>
        kernel switch
        {
            Map map => map.Body,
            MatMul product => product.Epilogue?.Body,
            Reduce reduce => reduce.Body,
            _ => null,
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

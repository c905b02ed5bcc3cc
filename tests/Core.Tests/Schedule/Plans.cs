using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Programs;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>Plans of float64 functions by given passes, and their results on numbers between −1 and 1.</summary>
internal static class Plans
{
    public static Plan Of(Func<Tensor[], Tensor[]> f, IEnumerable<Func<Program, Program>> passes, params Shape[] shapes)
    {
        TensorType[] types = Array.ConvertAll(shapes, shape => new TensorType(DType.Float64, shape));
        return Plan.For(Function.TraceClosed("test", types, f).Structure, passes);
    }

    public static double[] Run(Plan plan, Shape[] shapes)
    {
        Buffer[] inputs =
        [
            .. shapes.Select((shape, i) => Reading.Force(Tensor.Sin(Tensor.Linspace(i, 9.0, shape.Length)))),
        ];
        Buffer?[] outputs = Array.ConvertAll(
            plan.Outputs,
            type => (Buffer?)Device.Cpu.Backend.Allocate(type.DType, type.Shape.Length)
        );
        Device.Cpu.Backend.Prepare(plan.Program).Run(inputs, [], outputs);
        return [.. outputs.SelectMany(output => TestElements.Of(output!))];
    }
}

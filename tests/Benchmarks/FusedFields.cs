using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Benchmarks;

/// <summary>k. The vector field of <c>b.node-demo</c> and its product with a cotangent as plans, beside the same in one loop by hand.</summary>
internal static unsafe class FusedFields
{
    private const int States = 20;

    /// <summary>Seconds of one evaluation and of one product with a cotangent by hand, measured once in this run.</summary>
    public static Lazy<(double Values, double Product)> ByHand { get; } =
        new(() => (Case.Median(new Twin(isPulled: false).Run), Case.Median(new Twin(isPulled: true).Run)));

    public static IEnumerable<Case> All => [Field(isPulled: false), Field(isPulled: true)];

    private static Case Field(bool isPulled)
    {
        var twin = new Twin(isPulled);
        Function function = Function.TraceClosed(
            "benchmark",
            Tensor.Types(twin.Data),
            x => isPulled ? Pulled(x) : [F(x)]
        );
        var compiled = CompiledFunction.For(function);
        Buffer[] arguments = Array.ConvertAll(twin.Data, Reading.Force);
        Buffer[] results = compiled.AllocateResults();
        return new Case(
            "k.field",
            "2-50-2, 20 states, Float32",
            isPulled ? "product with a cotangent" : "values",
            () => compiled.Run(arguments, results),
            _ =>
                [
                    (Measurement.Floor, isPulled ? ByHand.Value.Product : ByHand.Value.Values),
                    ("max_abs_difference", twin.DistanceTo(results[0])),
                ]
        );
    }

    private static Tensor F(Tensor[] x) => Network.Apply(x[2..], Tensor.Pow(x[0], 3.0));

    private static Tensor[] Pulled(Tensor[] x) => Differentiation.Pull([x[0], .. x[2..]], [F(x)], [x[1]]);

    /// <summary>The computation by hand, with its data: states, cotangents, layers.</summary>
    private sealed class Twin
    {
        private readonly bool isPulled;
        private readonly HandFusedNetwork network;
        private readonly float[] values = new float[2 * States];

        public Twin(bool isPulled)
        {
            this.isPulled = isPulled;
            double bound = 0.1 * Math.Sqrt(3.0);
            Tensor[] layers = Network.Layers([2, 50, 2], [bound, bound], [10, 20], [11, 21], DType.Float32);
            network = new HandFusedNetwork(layers);
            Data =
            [
                Uniform.Of([States, 2], 1, -1.0, 1.0, DType.Float32),
                Uniform.Of([States, 2], 2, -1.0, 1.0, DType.Float32),
                .. layers,
            ];
        }

        public Tensor[] Data { get; }

        public void Run()
        {
            float* y = (float*)((HostBuffer)Reading.Force(Data[0])).Pointer;
            float* w = (float*)((HostBuffer)Reading.Force(Data[1])).Pointer;
            fixed (float* v = values)
                if (isPulled)
                    network.Pull(y, w, v, States);
                else
                    network.Evaluate(y, v, States);
        }

        public double DistanceTo(Buffer result)
        {
            Run();
            return result.Read<float>().ToArray().Zip(values, (a, b) => Math.Abs(a - b)).Max();
        }
    }
}

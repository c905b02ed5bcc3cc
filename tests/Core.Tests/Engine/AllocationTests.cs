using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Engine;

/// <summary>
/// Bytes on the managed heap at steady state, counted by the runtime for this thread. A plan allocates none, whatever it computes; a tensor that a
/// user gets is an object and its buffer.
/// </summary>
public sealed class AllocationTests
{
    /// <summary>A tensor is one object with its inputs and the plain numbers among them.</summary>
    private const long BytesPerNode = 80;

    /// <summary>A tensor and its buffer.</summary>
    private const long BytesPerResult = BytesPerNode + 40;

    [Fact]
    public void A_compiled_call_allocates_nothing()
    {
        TensorType matrix = new(DType.Float64, [8, 8]);
        var compiled = CompiledFunction.For(
            Function.TraceClosed(
                "test",
                [matrix, matrix],
                x => [Tensor.Tanh(Tensor.MatMul(x[0], x[1]) + 1.0), Tensor.Sum(x[0] * x[1], 1), Tensor.Cholesky(x[1])]
            )
        );
        Buffer[] arguments = [Reading.Force(Tensor.Ones([8, 8])), Reading.Force(Tensor.Eye(8))];
        Buffer[] results = compiled.AllocateResults();
        Assert.Equal(0, Bytes.Of(() => compiled.Run(arguments, results)));
    }

    /// <summary>What runs on the host, or checks what it was given, among kernels of the plan.</summary>
    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void A_compiled_call_of_what_runs_on_the_host_allocates_nothing(DType dtype)
    {
        var compiled = CompiledFunction.For(
            Function.TraceClosed(
                "test",
                [new(dtype, [40, 40]), new(dtype, [40]), new(DType.Int64, [])],
                x =>
                    [
                        Tensor.Lstsq(x[0] + 1.0, x[1]),
                        LinearOperator.Dense(x[0] - 1.0).Inverse().Apply(x[1]),
                        Tensor.LogDet(x[0]),
                        Tensor.Pinv(2.0 * x[0]),
                        Tensor.Sort(Tensor.Sin(x[1])),
                        Tensor.Scheduled(step => 1.0 / step, x[2] + 1L),
                    ]
            )
        );
        Buffer[] arguments =
        [
            Reading.Force(Tensor.Cast((3.0 * Tensor.Eye(40)) + 0.01, dtype)),
            Reading.Force(Tensor.Cast(Tensor.Linspace(0.0, 9.0, 40), dtype)),
            Reading.Force(Tensor.Cast(Tensor.Scalar(4.0), DType.Int64)),
        ];
        Buffer[] results = compiled.AllocateResults();
        Assert.Equal(0, Bytes.Of(() => compiled.Run(arguments, results)));
        Assert.Equal(0.2, results[^1].Number);
    }

    [Fact]
    public void A_training_step_as_a_plan_allocates_nothing()
    {
        // Loss, gradients and the update of parameters and moments of a network, from one set of buffers to the other.
        TensorType[] parameters = [new(DType.Float32, [2, 16]), new(DType.Float32, [16]), new(DType.Float32, [16, 1])];
        TensorType[] data = [new(DType.Float32, [32, 2]), new(DType.Float32, [32, 1])];
        var compiled = CompiledFunction.For(
            Function.TraceClosed("test", [.. parameters, .. parameters, .. data], all => TrainingStep(all))
        );
        Buffer[] arguments = [.. parameters.Concat(parameters).Concat(data).Select(Filled)];
        Buffer[] results = compiled.AllocateResults();
        double first = 0.0;
        long bytes = Bytes.Of(() =>
        {
            compiled.Run(arguments, results);
            for (int i = 0; i < 6; i++)
                (arguments[i], results[i]) = (results[i], arguments[i]);
            first = first == 0.0 ? results[6].Number : first;
        });
        Assert.Equal(0, bytes);
        Assert.True(results[6].Number < first, "the loss must have fallen");
    }

    [Fact]
    public void More_steps_of_a_solve_allocate_nothing_more()
    {
        Bytes.AssertFlat(() => Solve(1.0), () => Solve(100.0));

        static void Solve(double end) =>
            Reading.Force(
                Ode.Integrate((t, y) => Tensor.Cos(y) - (0.1 * y), Tensor.Of(0.0, end), Tensor.Of(1.0, 2.0, 3.0))
            );
    }

    [Fact]
    public void More_steps_of_a_solve_and_its_gradient_allocate_the_list_of_steps_only()
    {
        // A step is a start and a size, 16 bytes, and some 130 at a time are kept when they are taken again.
        const int Steps = 1000;
        long lists = Bytes.OfList(10 + Steps, 16) + Bytes.OfList(130, 16);
        Bytes.AssertFlat(() => Gradient(10), () => Gradient(10 + Steps), lists);

        static void Gradient(int steps) =>
            Reading.Force(
                Differentiation.Grad(
                    (Tensor y0) => Tensor.Sum(Ode.Integrate((t, y) => -y * y, Tensor.Of(0.0, 0.01 * steps), y0, Fixed)),
                    Tensor.Of(1.0, 2.0)
                )
            );
    }

    [Fact]
    public void A_small_graph_that_is_computed_again_allocates_its_nodes_and_its_result()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        Tensor sum = x;
        long nodes = Bytes.Of(() => sum = Tensor.Tanh(x) + x);
        long all = Bytes.Of(() => Reading.Force(Tensor.Tanh(x) + x));
        Assert.InRange(all - nodes, 0, 64);
    }

    [Fact]
    public void Tensors_that_come_together_are_computed_again_as_one_graph()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        long nodes = Bytes.Of(() => Pair());
        long all = Bytes.Of(() => Reading.Force(Pair()));
        Assert.InRange(all - nodes, 0, 128);

        Tensor[] Pair()
        {
            Tensor[] pair = [Tensor.Tanh(x) + x, x * x];
            Tensor.Bind(pair);
            return pair;
        }
    }

    [Fact]
    public void A_step_down_a_gradient_beside_which_nobody_reads_the_value_is_computed_again_as_one_graph()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        long nodes = Bytes.Of(() => Step());
        long all = Bytes.Of(() => Reading.Force(Step()));
        Assert.InRange(all - nodes, 0, 256);

        Tensor[] Step()
        {
            Tensor[] bound = [Tensor.Sum(x * Tensor.Tanh(x)), Tensor.Exp(x), x * x];
            Tensor.Bind(bound);
            Tensor[] moved = [x - (0.1 * bound[1]), x + bound[2]];
            Tensor.Bind(moved);
            return moved;
        }
    }

    [Fact]
    public void An_operation_of_up_to_two_inputs_allocates_its_node_only()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        Tensor y = x;
        Assert.Equal(4 * BytesPerNode, Bytes.Of(() => y = 1.0 - (Tensor.Tanh(x) * (x + 0.5))));
    }

    [Fact]
    public void A_call_of_a_compiled_function_allocates_its_result_only()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        Func<Tensor, Tensor> f = Functions.Compile<Tensor, Tensor>(y => Tensor.Tanh(y) + (y * y));
        Assert.InRange(Bytes.Of(() => f(x)), 0, BytesPerResult);
    }

    private static readonly OdeOptions Fixed = new()
    {
        Steps = new StepControl.Fixed(0.01),
        Adjoint = new Adjoint.Checkpointed(4),
    };

    private static Tensor[] TrainingStep(Tensor[] all)
    {
        (Tensor[] weights, Tensor[] moments) = (all[..3], all[3..6]);
        Tensor hidden = Tensor.Tanh(Tensor.MatMul(all[6], weights[0]) + weights[1]);
        Tensor error = Tensor.MatMul(hidden, weights[2]) - all[7];
        Tensor loss = Tensor.Mean(error * error);
        Tensor[] gradients = Differentiation.Pull(weights, [loss], [Tensor.OnesLike(loss)]);
        Tensor[] moved = [.. moments.Zip(gradients, (moment, gradient) => (0.9 * moment) + (0.1 * gradient))];
        return [.. weights.Zip(moved, (weight, moment) => weight - (0.05 * moment)), .. moved, loss];
    }

    private static Buffer Filled(TensorType type, int seed) =>
        Reading.Force(Tensor.Cast(Tensor.Sin(Tensor.Linspace(seed, seed + 9.0, type.Shape.Length)), type.DType));
}

using Implicit.Control;
using Implicit.Graph;
using Implicit.Solvers;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Steps with a loop of their own compute what their functions say, in every step of a solve.</summary>
public sealed class FusedStepTests
{
    private static readonly Dictionary<string, EquationMethod> Methods = new()
    {
        ["anderson"] = new Anderson(),
        ["anderson 1, damped"] = new Anderson(1, 0.8, Period: 1),
        ["anderson 2, ridge"] = new Anderson(2, 1.0, 1e-3, Period: 1),
        ["anderson 7, damped"] = new Anderson(7, 0.8, Period: 1),
        ["anderson, period 1"] = new Anderson(Period: 1),
        ["anderson, period 3"] = new Anderson(Period: 3),
        ["anderson 1, period 2"] = new Anderson(1),
        ["anderson 2, period 2"] = new Anderson(2, 0.8),
        ["anderson 3, period 3, ridge"] = new Anderson(3, 1.0, 1e-3, 3),
        ["anderson 6, period 2"] = new Anderson(6),
        ["anderson 7, period 3"] = new Anderson(7, Period: 3),
        ["anderson 11, period 5"] = new Anderson(11, Period: 5),
        ["anderson 3, period 5"] = new Anderson(3, Period: 5),
        ["broyden"] = new Broyden(),
        ["broyden 1"] = new Broyden(1),
        ["broyden 3"] = new Broyden(3),
    };

    /// <summary>
    /// In three dimensions the fourth change depends on three newer ones, and is forgotten; the first step, from where nothing has moved, has no
    /// change at all.
    /// </summary>
    public static MatrixTheoryData<string, int, DType> Cases =>
        new([.. Methods.Keys], [3, 43], [DType.Float64, DType.Float32]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loop_agrees_with_its_function(string name, int n, DType dtype)
    {
        EquationMethod method = Methods[name];
        Equation equation = Linear(n, dtype);
        double tolerance = dtype == DType.Float32 ? 2e-3 : 1e-8;
        // A memory that is full, and moves.
        int steps = Math.Max(7, method is Anderson anderson ? anderson.Memory + (3 * anderson.Period) : 0);
        var z = Tensor.Zeros([n], dtype);
        Tensor residual = equation.Residual(z);
        Tensor[] memory = method.Init(equation, z, residual);
        for (int step = 0; step < steps; step++)
        {
            (Tensor next, Tensor[] then) = Step(method, step, equation, z, residual, memory);
            if (IsLast(method, step))
                IsAsMeant(next, tolerance);
            (memory, z) = ([.. then.Select(Settled)], Settled(next));
            residual = Settled(equation.Residual(z));
        }
    }

    /// <summary>What no step has written may hold anything.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Memory_that_is_not_read_at_the_start_changes_nothing(string name, int n, DType dtype)
    {
        EquationMethod method = Methods[name];
        Equation equation = Linear(n, dtype);
        var z = Tensor.Zeros([n], dtype);
        Tensor residual = equation.Residual(z);
        Tensor[] memory = method.Init(equation, z, residual);
        Tensor[] anything = [.. memory];
        for (int i = memory.Length - method.UnreadAtStart; i < memory.Length; i++)
            anything[i] = Tensor.Full(memory[i].Shape, double.NaN, dtype);
        for (int step = 0; step < 5 * method.StepsPerTurn; step++)
        {
            (Tensor next, memory) = Step(method, step, equation, z, residual, memory);
            (Tensor other, anything) = Step(method, step, equation, z, residual, anything);
            if (IsLast(method, step))
            {
                Tensor meant = ((FusedOp)other.Inputs[0].Op).Meaning.Apply(other.Inputs[0].Inputs.ToArray())[0];
                Close.Normwise(meant.ToArray(), other.ToArray(), dtype == DType.Float32 ? 2e-3 : 1e-8);
            }
            Assert.Equal(next.ToArray(), other.ToArray());
            z = Settled(next);
            residual = Settled(equation.Residual(z));
        }
    }

    /// <summary>Updates are applied two at a time, behind the oldest: whichever of them was left out, and whether the last one is alone or not.</summary>
    [Theory]
    [InlineData(4, DType.Float64, 1e-12)]
    [InlineData(5, DType.Float64, 1e-12)]
    [InlineData(4, DType.Float32, 1e-4)]
    [InlineData(5, DType.Float32, 1e-4)]
    public void An_update_that_was_left_out_changes_nothing(int count, DType dtype, double tolerance)
    {
        Tensor[] steps = [.. Enumerable.Range(2, 6).Select(k => 1.0 + Wave(k, dtype))];
        for (int leftOut = 1; leftOut <= count; leftOut++)
        {
            double[] numbers = [count, 1.0, .. steps[1..].Select(step => 1.0 / Tensor.Dot(step, step).ToDouble())];
            numbers[BroydenLoop.FirstFactor + leftOut - 1] = 0.0;
            Tensor[] memory = [Wave(1, dtype), Tensor.Of(numbers), 1.0 + Wave(8, dtype), .. steps];
            Tensor residual = 1.0 - Wave(1, dtype);
            var method = new Broyden(steps.Length);
            Equation equation = Linear(43, dtype);
            IsAsMeant(method.Step(equation, Wave(9, dtype), residual, [.. memory.Select(Settled)]).Next, tolerance);
        }
    }

    /// <summary>Updates are applied to neighbours with as many in force together: the others, and those that begin again, stand between them.</summary>
    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Neighbours_with_more_and_fewer_updates_step_as_if_alone(DType dtype)
    {
        var method = new Broyden(6);
        Equation equation = Linear(43, dtype);
        int[] counts = [3, 3, 0, 4, 4, 4, 1, 6, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 2];
        Tensor[][] items =
        [
            .. counts.Select(
                (count, item) =>
                    (Tensor[])
                        [
                            Wave(item + 1, dtype),
                            Wave(item + 2, dtype),
                            Wave(item + 3, dtype),
                            Tensor.Of([count, 1.0, .. Enumerable.Repeat(0.04, method.Memory - 1)]),
                            .. Enumerable.Range(item + 4, method.Memory + 1).Select(k => 1.0 + Wave(k, dtype)),
                        ]
            ),
        ];
        Tensor[] together =
        [
            .. items[0].Select((_, part) => Settled(Tensor.Stack([.. items.Select(one => one[part])]))),
        ];
        Tensor next = Vectorisation.Vmap((Tensor[] one) => Next(one), together);
        for (int item = 0; item < counts.Length; item++)
            Assert.Equal(Next([.. items[item].Select(Settled)]).ToArray(), next[item].ToArray());

        Tensor Next(Tensor[] one) => method.Step(equation, one[0], one[1], one[2..]).Next;
    }

    /// <summary>The squares of its changes are above 0, and what is divided by them is infinite.</summary>
    [Theory]
    [InlineData(-516)]
    [InlineData(-530)]
    public void Changes_too_small_to_be_divided_by_leave_the_step_a_plain_one(int power)
    {
        var method = new Anderson();
        Equation equation = Linear(43, DType.Float64, Math.ScaleB(1.0, power));
        var z = Tensor.Zeros([43]);
        Tensor residual = equation.Residual(z);
        Tensor[] memory = method.Init(equation, z, residual);
        for (int step = 0; step < 5; step++)
        {
            (Tensor next, memory) = method.Step(equation, z, residual, memory);
            Assert.Equal((z + residual).ToArray(), next.ToArray());
            z = Settled(next);
            residual = Settled(equation.Residual(z));
        }
    }

    /// <summary>Squares of such numbers leave the range of float32: they are summed in double, by the loop and by its function.</summary>
    [Theory]
    [InlineData("anderson, period 1", -80)]
    [InlineData("anderson, period 1", 80)]
    [InlineData("anderson", -80)]
    [InlineData("anderson", 80)]
    [InlineData("anderson, period 3", -80)]
    [InlineData("anderson, period 3", 80)]
    [InlineData("broyden", -80)]
    [InlineData("broyden", 80)]
    public void Steps_keep_the_unit_of_the_unknowns(string name, int power)
    {
        EquationMethod method = Methods[name];
        double unit = Math.ScaleB(1.0, power);
        (Equation plain, Equation scaled) = (Linear(43, DType.Float32), Linear(43, DType.Float32, unit));
        (Tensor z, Tensor far) = (Tensor.Zeros([43], DType.Float32), Tensor.Zeros([43], DType.Float32));
        (Tensor residual, Tensor farResidual) = (plain.Residual(z), scaled.Residual(far));
        Tensor[] memory = method.Init(plain, z, residual);
        Tensor[] farMemory =
        [
            .. method.Init(plain, z, residual).Select(one => one.DType == DType.Float32 ? unit * one : one),
        ];
        for (int step = 0; step < 5; step++)
        {
            (z, memory) = Step(method, step, plain, z, residual, memory);
            (Tensor next, farMemory) = Step(method, step, scaled, far, farResidual, farMemory);
            if (IsLast(method, step))
                IsAsMeant(next, 2e-3);
            (far, farMemory) = (Settled(next), [.. farMemory.Select(Settled)]);
            (residual, farResidual) = (plain.Residual(z), scaled.Residual(far));
            Close.Normwise(z.ToArray(), (far / unit).ToArray(), 1e-3);
        }
    }

    /// <summary>
    /// The square of the newest change is within the range of float32, its product with an older one is not, whichever that is: five changes are
    /// multiplied in one pass.
    /// </summary>
    [Theory]
    [InlineData(5, 1, 1)]
    [InlineData(5, 4, 1)]
    [InlineData(7, 1, 1)]
    [InlineData(7, 4, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(7, 6, 1)]
    [InlineData(5, 2, 2)]
    [InlineData(5, 4, 2)]
    [InlineData(7, 5, 2)]
    [InlineData(7, 6, 2)]
    [InlineData(5, 3, 3)]
    [InlineData(7, 6, 3)]
    public void A_step_after_a_far_longer_one_is_that_of_any_unit(int memory, int longest, int period)
    {
        double unit = Math.ScaleB(1.0, 60);
        var method = new Anderson(memory, Period: period);
        Tensor far = AndersonAfterLongStep(method, longest, unit);
        IsAsMeant(far, 1e-4);
        Close.Normwise(AndersonAfterLongStep(method, longest, 1.0).ToArray(), (far / unit).ToArray(), 1e-4);
    }

    [Theory]
    [InlineData(DType.Float64, 1e-14)]
    [InlineData(DType.Float32, 1e-6)]
    public void A_measure_agrees_with_its_function(DType dtype, double tolerance)
    {
        Equation equation = Linear(43, dtype);
        foreach (Tensor z in new[] { Tensor.Zeros([43], dtype), Wave(1, dtype) })
        {
            Tensor residual = Settled(equation.Residual(z));
            Tensor image = Settled(z + residual);
            var allowed = new EquationTolerance(0.1, 0.01, true);
            Tensor measure = FixedPointMeasure.Of(z, residual, allowed);
            Tensor ofImage = FixedPointMeasure.OfImage(z, image, allowed);
            foreach (Tensor one in new[] { measure, ofImage })
            {
                Tensor tuple = one.Inputs[0];
                Tensor meant = ((FusedOp)tuple.Op).Meaning.Apply(tuple.Inputs.ToArray())[0];
                Close.Elementwise(meant.ToArray(), one.ToArray(), tolerance);
            }
            Close.Elementwise(measure.ToArray(), ofImage.ToArray(), tolerance);
        }
    }

    /// <summary>Squares that leave the range of their type do not spoil a norm, neither in the loop nor in its function.</summary>
    [Theory]
    [InlineData(1e-25, DType.Float32)]
    [InlineData(1e25, DType.Float32)]
    [InlineData(1e-200, DType.Float64)]
    [InlineData(1e-310, DType.Float64)]
    [InlineData(1e200, DType.Float64)]
    public void A_measure_is_that_of_any_unit(double unit, DType dtype)
    {
        Tensor wave = Tensor.Cast(unit * Wave(1, DType.Float64), dtype);
        var allowed = new EquationTolerance(0.5, 0.0, true);
        double norm = Tensor.Norm(Wave(1, DType.Float64)).ToDouble();
        double[] expected = [3.0 * norm, 2.0 * norm];
        foreach (
            Tensor one in new[]
            {
                FixedPointMeasure.Of(wave, 3.0 * wave, allowed),
                FixedPointMeasure.OfImage(wave, 4.0 * wave, allowed),
            }
        )
        {
            Tensor tuple = one.Inputs[0];
            Tensor meant = ((FusedOp)tuple.Op).Meaning.Apply(tuple.Inputs.ToArray())[0];
            foreach (Tensor measure in new[] { one, meant })
                Close.Elementwise(expected, [.. measure.ToArray().Select(number => number / unit)], 1e-6);
        }
    }

    /// <summary>The iterate after moves of a twentieth of a unit, and one, so many before the last, of 1000 units.</summary>
    private static Tensor AndersonAfterLongStep(Anderson method, int longest, double unit)
    {
        int memory = method.Memory;
        Equation equation = Linear(43, DType.Float32, unit);
        (Tensor z, Tensor residual) = (Wave(1, 1.0), Wave(2, 1.0));
        Tensor[] all = method.Init(equation, z - Wave(5, 0.05), residual - Wave(6, 0.05));
        var changes = new List<Tensor>();
        for (int k = 1; k <= longest; k++)
        {
            double size = k == longest ? 1000.0 : 0.05;
            // Along the residual, so that the long change counts.
            Tensor change = (k == longest ? Wave(2, size) : 0.0) + Wave((2 * k) + 6, size);
            (Tensor image, Tensor older) = (all[(2 * k) - 1], all[2 * k]);
            (all[(2 * k) + 1], all[(2 * k) + 2]) = (image - Wave((2 * k) + 5, size) - change, older - change);
            changes.Add(Tensor.Cast(older - all[(2 * k) + 2], DType.Float64));
        }
        all[0] = Tensor.Stack([.. Enumerable.Range(0, memory).Select(Products)]);
        return method.StepOfTurn(equation, z, residual, [.. all.Select(Settled)]).Next;

        Tensor Wave(int k, double size) => unit * size * FusedStepTests.Wave(k, DType.Float32);

        // Those of changes before the last of which steps in between know nothing.
        Tensor Products(int row)
        {
            int change = row + method.Period - 1;
            return change >= longest
                ? Tensor.Zeros([memory])
                : Tensor.Pad(
                    Tensor.Stack([.. changes[change..].Select(other => Tensor.Dot(changes[change], other))]),
                    [0],
                    [memory - longest + change]
                );
        }
    }

    /// <summary>The step of a solve after so many others.</summary>
    private static (Tensor Next, Tensor[] Memory) Step(
        EquationMethod method,
        int step,
        Equation equation,
        Tensor z,
        Tensor residual,
        Tensor[] memory
    ) =>
        IsLast(method, step)
            ? method.StepOfTurn(equation, z, residual, memory)
            : method.StepBetween(equation, z, residual, memory);

    private static bool IsLast(EquationMethod method, int step) => (step + 1) % method.StepsPerTurn == 0;

    private static Tensor Wave(int k, DType dtype) => Tensor.Cos(k * Tensor.Cast(Tensor.Arange(43), dtype));

    /// <summary>All that a loop has computed beside an iterate is what its function computes.</summary>
    private static void IsAsMeant(Tensor next, double tolerance)
    {
        Tensor tuple = next.Inputs[0];
        var fused = (FusedOp)tuple.Op;
        Tensor[] meant = fused.Meaning.Apply(tuple.Inputs.ToArray());
        Tensor[] found = fused.Results(tuple);
        for (int i = 0; i < meant.Length; i++)
            Close.Normwise(meant[i].ToArray(), found[i].ToArray(), tolerance);
    }

    /// <summary>A z + unit − z, of eigenvalues that differ.</summary>
    private static Equation Linear(int n, DType dtype, double unit = 1.0) =>
        new(
            Function.TraceClosed(
                "linear",
                [new TensorType(dtype, [n])],
                all => [(0.9 * Tensor.Cos(Tensor.Cast(Tensor.Arange(n), dtype)) * all[0]) + unit - all[0]]
            ),
            []
        );

    private static Tensor Settled(Tensor value) => Tensor.Of(value.ToArray(), value.Shape, value.DType);
}

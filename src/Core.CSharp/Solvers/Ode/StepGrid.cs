namespace Implicit.Solvers.Ode;

/// <summary>The output times of a solve, checked, and its direction.</summary>
internal sealed class StepGrid
{
    private StepGrid(double[] times)
    {
        Times = times;
        Direction = times.Length > 1 && times[1] < times[0] ? -1.0 : 1.0;
    }

    /// <summary>Strictly monotone.</summary>
    public double[] Times { get; }

    /// <summary>1 forwards, −1 backwards in time.</summary>
    public double Direction { get; }

    public double First => Times[0];

    public double Last => Times[^1];

    /// <exception cref="TensorException">The times are not finite and strictly monotone, or there are none.</exception>
    public static StepGrid Of(double[] times)
    {
        Shapes.Throw.Unless(times.Length > 0, "odeint", "there must be at least one output time", "none");
        var grid = new StepGrid(times);
        for (int i = 0; i < times.Length; i++)
        {
            if (!double.IsFinite(times[i]))
                Shapes.Throw.Error("odeint", "output times must be finite", $"{times[i]} at position {i}");
            if (i > 0 && (times[i] - times[i - 1]) * grid.Direction <= 0.0)
                Shapes.Throw.Error(
                    "odeint",
                    "output times must ascend or descend strictly, so that the span is not empty",
                    $"{times[i - 1]} and then {times[i]} at position {i}"
                );
        }
        Shapes.Throw.Unless(
            double.IsFinite(grid.Last - grid.First),
            "odeint",
            "the span from the first output time to the last must be finite",
            $"{grid.First} to {grid.Last}"
        );
        return grid;
    }

    /// <summary>Checks that a field which reads the time, as a number of the state's element type, can tell the times apart.</summary>
    public void CheckFor(OdeProblem problem)
    {
        if (problem.Time.DType != DType.Float32 || !problem.ReadsTime)
            return;
        for (int i = 1; i < Times.Length; i++)
            if ((float)Times[i] == (float)Times[i - 1])
                Shapes.Throw.Error(
                    "odeint",
                    "output times must differ in float32, the type of the state and of the time that the field reads (begin at 0, or make the state float64)",
                    $"{Times[i - 1]} and then {Times[i]} at position {i}"
                );
    }
}

using Implicit.Runtime;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// Steps of a solve and of its derivative allocate nothing on the managed heap, whatever the method: many allocate what few do. The steps themselves are
/// listed for a derivative, and nothing else grows with them.
/// </summary>
public sealed class AllocationTests
{
    /// <summary>So many outputs, most of them inside steps: of the longer solve in steps of their own.</summary>
    private const int Outputs = 40;

    /// <summary>A start and a size, or the two arrays of a step that is kept whole; a kept state's step and place.</summary>
    private const int StepBytes = 16;
    private const int PlaceBytes = 8;

    /// <summary>
    /// A gradient by Backsolve allocates 128 bytes more in some processes than in others, and not in each of its lengths: something that is done once, or
    /// not. Of one object in each step there would be more than a thousand bytes.
    /// </summary>
    private const int OnceBytes = 256;

    [Theory]
    [MemberData(nameof(Methods.Names), MemberType = typeof(Methods))]
    public void More_steps_allocate_nothing_more(string method)
    {
        OdeOptions options = Options(method, new Adjoint.Checkpointed());
        RequireMoreSteps(options);
        Bytes.AssertFlat(() => Solve(Few), () => Solve(Many));

        void Solve(Tensor times) => Reading.Force(Implicit.Ode.Integrate(Field, times, Start, options));
    }

    [Theory]
    [MemberData(nameof(Methods.AndAdjoints), MemberType = typeof(Methods))]
    public void More_steps_of_a_gradient_allocate_their_lists_only(string method, string adjoint)
    {
        OdeOptions options = Options(method, Methods.Adjoints[adjoint]);
        (int few, int many) = RequireMoreSteps(options);
        long lists = options.Adjoint switch
        {
            Adjoint.Backsolve => OnceBytes,
            // Of Direct all states are kept as well.
            Adjoint.Direct => ListBytes(2 * StepBytes) + ListBytes(PlaceBytes),
            _ => ListBytes(2 * StepBytes),
        };
        Bytes.AssertFlat(() => Gradient(Few), () => Gradient(Many), lists);

        long ListBytes(int element) => Bytes.OfList(many, element) - Bytes.OfList(few, element);

        void Gradient(Tensor times) =>
            Reading.Force(
                Differentiation.Grad(
                    (Tensor y0) => Tensor.Sum(Implicit.Ode.Integrate(Field, times, y0, options)),
                    Start
                )
            );
    }

    private static Tensor Few { get; } = Times(3.0);

    private static Tensor Many { get; } = Times(30.0);

    private static Tensor Start { get; } = Tensor.Of(1.0, 1.0);

    /// <summary>It never rests, so that a solve takes no more steps for being differentiated.</summary>
    private static Tensor Field(Tensor t, Tensor y) => Problems.LotkaVolterra(Problems.Rates, y);

    private static OdeOptions Options(string method, Adjoint adjoint)
    {
        OdeOptions options = Problems.At(Methods.All[method].Tableau, 1e-6) with
        {
            Adjoint = adjoint,
            MaxSteps = 1_000_000,
        };
        return Methods.All[method].IsAdaptive ? options : options with { Steps = new StepControl.Fixed(0.005) };
    }

    /// <summary>How many steps both solves take.</summary>
    private static (int Few, int Many) RequireMoreSteps(OdeOptions options)
    {
        (int few, int many) = (Steps(Few), Steps(Many));
        Assert.InRange(many, 5 * few, int.MaxValue);
        return (few, many);

        int Steps(Tensor times) => (int)Implicit.Ode.Solve(Field, times, Start, options).Statistics.Accepted;
    }

    /// <summary>Numbers, which a solve need not compute first.</summary>
    private static Tensor Times(double end) => Tensor.Of(Tensor.Linspace(0.0, end, Outputs).ToArray());
}

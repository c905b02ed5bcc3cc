using Implicit.Backends.Cpu;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>A function of one number under test, in every element type and vector width.</summary>
internal abstract class UnaryCase
{
    public string Name => GetType().GenericTypeArguments[0].Name;

    public abstract double[] Run(double[] x, int bits = 512);

    public abstract float[] Run(float[] x, int bits = 512);

    public double Run(double x) => Run([x])[0];
}

internal sealed unsafe class UnaryCase<TOp> : UnaryCase
    where TOp : struct, IUnary
{
    public override double[] Run(double[] x, int bits = 512)
    {
        double[] result = new double[x.Length];
        fixed (
            double* p = x,
                y = result
        )
        {
            if (bits == 512)
                Elementwise.Unary<TOp, Lanes512<double>, double>(p, y, x.Length);
            else if (bits == 256)
                Elementwise.Unary<TOp, Lanes256<double>, double>(p, y, x.Length);
            else
                Elementwise.Unary<TOp, Lanes128<double>, double>(p, y, x.Length);
        }
        return result;
    }

    public override float[] Run(float[] x, int bits = 512)
    {
        float[] result = new float[x.Length];
        fixed (
            float* p = x,
                y = result
        )
        {
            if (bits == 512)
                Elementwise.Unary<TOp, Lanes512<float>, float>(p, y, x.Length);
            else if (bits == 256)
                Elementwise.Unary<TOp, Lanes256<float>, float>(p, y, x.Length);
            else
                Elementwise.Unary<TOp, Lanes128<float>, float>(p, y, x.Length);
        }
        return result;
    }
}

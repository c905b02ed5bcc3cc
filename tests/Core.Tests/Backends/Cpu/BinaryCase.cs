using Implicit.Backends.Cpu;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>A function of two numbers under test.</summary>
internal static unsafe class BinaryCase<TOp>
    where TOp : struct, IBinary
{
    public static double Run(double a, double b)
    {
        double y;
        Elementwise.Binary<TOp, Lanes512<double>, double>(&a, 1, &b, 1, &y, 1);
        return y;
    }

    public static float Run(float a, float b)
    {
        float y;
        Elementwise.Binary<TOp, Lanes512<float>, float>(&a, 1, &b, 1, &y, 1);
        return y;
    }

    public static double[] Run(double[] a, double[] b, int bits = 512)
    {
        double[] result = new double[Math.Max(a.Length, b.Length)];
        int aStep = a.Length == 1 ? 0 : 1;
        int bStep = b.Length == 1 ? 0 : 1;
        fixed (
            double* p = a,
                q = b,
                y = result
        )
        {
            if (bits == 512)
                Elementwise.Binary<TOp, Lanes512<double>, double>(p, aStep, q, bStep, y, result.Length);
            else if (bits == 256)
                Elementwise.Binary<TOp, Lanes256<double>, double>(p, aStep, q, bStep, y, result.Length);
            else
                Elementwise.Binary<TOp, Lanes128<double>, double>(p, aStep, q, bStep, y, result.Length);
        }
        return result;
    }
}

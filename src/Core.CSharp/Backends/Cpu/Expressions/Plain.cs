using System.Numerics;
using Implicit.Kernels;
using static Implicit.Kernels.BinaryIntrinsic;
using static Implicit.Kernels.UnaryIntrinsic;

namespace Implicit.Backends.Cpu;

/// <summary>Instructions as plain loops.</summary>
internal static unsafe class Plain
{
    public static void Store(DType dtype, double number, byte* cell)
    {
        if (dtype == DType.Float64)
            *(double*)cell = number;
        else if (dtype == DType.Float32)
            *(float*)cell = (float)number;
        else if (dtype == DType.Int64)
            *(long*)cell = (long)number;
        else
            *cell = number != 0 ? (byte)1 : (byte)0;
    }

    public static void Gather<T>(T* source, nint step, T* target, int count)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
            target[i] = source[i * step];
    }

    public static void Scatter<T>(T* source, T* target, nint step, int count)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
            target[i * step] = source[i];
    }

    public static void Run(in Instruction instruction, Value* table, int n)
    {
        switch (instruction.OperandType)
        {
            case DType.Float64:
                Run<double>(instruction, table, n);
                break;
            case DType.Float32:
                Run<float>(instruction, table, n);
                break;
            case DType.Int64:
                Run<long>(instruction, table, n);
                break;
            default:
                Run<byte>(instruction, table, n);
                break;
        }
    }

    private static void Run<T>(in Instruction instruction, Value* table, int n)
        where T : unmanaged, INumber<T>
    {
        Node node = instruction.Node;
        Value a = table[node.A];
        byte* y = table[instruction.Target].Pointer;
        if (node.Kind == NodeKind.Unary)
            Unary((UnaryIntrinsic)node.Code, (T*)a.Pointer, a.Step, y, n);
        else if (node.Kind == NodeKind.Binary)
            Binary((BinaryIntrinsic)node.Code, (T*)a.Pointer, a.Step, table[node.B], y, n);
        else if (node.Kind == NodeKind.Cast)
            Cast((T*)a.Pointer, a.Step, node.DType, y, n);
        else if (node.DType.Size == 8)
            Select<long>(a, table[node.B], table[node.C], (long*)y, n);
        else if (node.DType.Size == 4)
            Select<int>(a, table[node.B], table[node.C], (int*)y, n);
        else
            Select<byte>(a, table[node.B], table[node.C], y, n);
    }

    private static void Unary<T>(UnaryIntrinsic f, T* x, nint step, byte* y, int n)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < n; i++)
        {
            if (f == IsNaN)
                y[i] = T.IsNaN(x[i * step]) ? (byte)1 : (byte)0;
            else
                ((T*)y)[i] = Of(f, x[i * step]);
        }
    }

    private static void Binary<T>(BinaryIntrinsic f, T* a, nint aStep, Value b, byte* y, int n)
        where T : unmanaged, INumber<T>
    {
        T* right = (T*)b.Pointer;
        for (int i = 0; i < n; i++)
        {
            if (f.IsComparison)
                y[i] = Holds(f, a[i * aStep], right[i * b.Step]) ? (byte)1 : (byte)0;
            else
                ((T*)y)[i] = Of(f, a[i * aStep], right[i * b.Step]);
        }
    }

    private static void Select<T>(Value condition, Value a, Value b, T* y, int n)
        where T : unmanaged
    {
        for (int i = 0; i < n; i++)
            y[i] =
                condition.Pointer[i * condition.Step] != 0 ? ((T*)a.Pointer)[i * a.Step] : ((T*)b.Pointer)[i * b.Step];
    }

    private static void Cast<T>(T* x, nint step, DType to, byte* y, int n)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < n; i++)
        {
            T value = x[i * step];
            if (to == DType.Float64)
                ((double*)y)[i] = double.CreateSaturating(value);
            else if (to == DType.Float32)
                ((float*)y)[i] = float.CreateSaturating(value);
            else if (to == DType.Int64)
                ((long*)y)[i] = long.CreateSaturating(value);
            else
                y[i] = T.IsZero(value) ? (byte)0 : (byte)1;
        }
    }

    private static T Of<T>(UnaryIntrinsic f, T x)
        where T : unmanaged, INumber<T> =>
        f switch
        {
            Negate => -x,
            UnaryIntrinsic.Abs => T.Abs(x),
            UnaryIntrinsic.Sign => T.IsNaN(x) || T.IsZero(x) ? x : T.CreateChecked(T.Sign(x)),
            Not => T.One - x,
            _ when typeof(T) == typeof(long) => x,
            _ => T.CreateSaturating(Of(f, double.CreateSaturating(x))),
        };

    private static double Of(UnaryIntrinsic f, double x) =>
        f switch
        {
            UnaryIntrinsic.Floor => Math.Floor(x),
            UnaryIntrinsic.Ceiling => Math.Ceiling(x),
            UnaryIntrinsic.Round => Math.Round(x),
            UnaryIntrinsic.Sqrt => Math.Sqrt(x),
            UnaryIntrinsic.Exp => Math.Exp(x),
            UnaryIntrinsic.Expm1 => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1,
            UnaryIntrinsic.Log => Math.Log(x),
            UnaryIntrinsic.Log1p => 1 + x == 1 ? x : Math.Log(1 + x) * (x / (1 + x - 1)),
            UnaryIntrinsic.Log10 => Math.Log10(x),
            UnaryIntrinsic.Sin => Math.Sin(x),
            UnaryIntrinsic.Cos => Math.Cos(x),
            UnaryIntrinsic.Tan => Math.Tan(x),
            UnaryIntrinsic.Asin => Math.Asin(x),
            UnaryIntrinsic.Acos => Math.Acos(x),
            UnaryIntrinsic.Atan => Math.Atan(x),
            UnaryIntrinsic.Sinh => Math.Sinh(x),
            UnaryIntrinsic.Cosh => Math.Cosh(x),
            UnaryIntrinsic.Tanh => Math.Tanh(x),
            UnaryIntrinsic.Erf => ErrorSeries(x),
            _ => throw new NotSupportedException($"{f} of floating-point numbers"),
        };

    // Abramowitz & Stegun 7.1.6: erf x = 2/√π · e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)).
    private static double ErrorSeries(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x;
        double sum = 0;
        for (int n = 1; sum + term != sum; n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static T Of<T>(BinaryIntrinsic f, T a, T b)
        where T : unmanaged, INumber<T> =>
        f switch
        {
            Add => a + b,
            Subtract => a - b,
            Multiply => a * b,
            Divide => a / b,
            Minimum => T.Min(a, b),
            Maximum => T.Max(a, b),
            And => a * b,
            Or => T.Max(a, b),
            Power => T.CreateSaturating(Math.Pow(double.CreateSaturating(a), double.CreateSaturating(b))),
            _ => T.CreateSaturating(Math.Atan2(double.CreateSaturating(a), double.CreateSaturating(b))),
        };

    private static bool Holds<T>(BinaryIntrinsic f, T a, T b)
        where T : INumber<T> =>
        f switch
        {
            Equal => a == b,
            NotEqual => a != b,
            Less => a < b,
            LessOrEqual => a <= b,
            Greater => a > b,
            _ => a >= b,
        };
}

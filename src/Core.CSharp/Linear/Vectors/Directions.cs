using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Linear;

/// <summary>
/// Passes over directions, unit vectors in float32, beside vectors of float or double. Their products are summed in lanes of <typeparamref name="TSum"/>, as
/// in <see cref="LaneSums{T, TSum}"/>. All are in the same place of larger ones, from <c>at.Start</c> to <c>at.End</c>.
/// </summary>
/// <typeparam name="T">The type of the other vectors.</typeparam>
/// <typeparam name="TSum">The same, or double.</typeparam>
internal static unsafe class Directions<T, TSum>
    where T : unmanaged, INumber<T>
    where TSum : unmanaged
{
    /// <summary>⟨u, y⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot((int Start, int End) at, float* u, T* y)
    {
        double sum = 0.0;
        int i = at.Start;
        while (i <= at.End - Lanes<T, TSum>.Count)
        {
            Lanes<T, TSum> lanes = default;
            for (int end = Lanes<T, TSum>.End(i, at.End); i < end; i += Lanes<T, TSum>.Count)
                lanes.Add(Load(u + i), Vector512.Load(y + i));
            sum += lanes.Sum;
        }
        for (; i < at.End; i++)
            sum += Product(y[i], u[i]);
        return sum;
    }

    /// <summary>y ← y + a·u + b·v, and then ⟨y, v⟩ and ⟨y, w⟩.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double WithV, double WithW) AddTwo(
        (int Start, int End) at,
        T* y,
        double a,
        float* u,
        double b,
        float* v,
        float* w
    )
    {
        (T ofU, T ofV) = (T.CreateTruncating(a), T.CreateTruncating(b));
        (Vector512<T> fU, Vector512<T> fV) = (Vector512.Create(ofU), Vector512.Create(ofV));
        (double withV, double withW) = (0.0, 0.0);
        int i = at.Start;
        while (i <= at.End - Lanes<T, TSum>.Count)
        {
            (Lanes<T, TSum> first, Lanes<T, TSum> second) = (default, default);
            for (int end = Lanes<T, TSum>.End(i, at.End); i < end; i += Lanes<T, TSum>.Count)
            {
                Vector512<T> one = Load(v + i);
                Vector512<T> sum = Vectors.MultiplyAdd(fU, Load(u + i), Vector512.Load(y + i));
                sum = Vectors.MultiplyAdd(fV, one, sum);
                sum.Store(y + i);
                first.Add(sum, one);
                second.Add(sum, Load(w + i));
            }
            Vector256<double> sums = Lanes<T, TSum>.Sums(first, second, first, second);
            (withV, withW) = (withV + sums[0], withW + sums[1]);
        }
        for (; i < at.End; i++)
        {
            y[i] += (ofU * T.CreateTruncating(u[i])) + (ofV * T.CreateTruncating(v[i]));
            (withV, withW) = (withV + Product(y[i], v[i]), withW + Product(y[i], w[i]));
        }
        return (withV, withW);
    }

    /// <summary>y ← y + a·u.</summary>
    public static void Add((int Start, int End) at, T* y, double a, float* u)
    {
        var factor = T.CreateTruncating(a);
        for (int i = at.Start; i < at.End; i++)
            y[i] += factor * T.CreateTruncating(u[i]);
    }

    /// <summary>u ← s·y.</summary>
    public static void Scale((int Start, int End) at, float* u, double s, T* y)
    {
        var factor = T.CreateTruncating(s);
        for (int i = at.Start; i < at.End; i++)
            u[i] = float.CreateTruncating(factor * y[i]);
    }

    /// <summary>u ← s·y, and y ← z + a·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split((int Start, int End) at, float* u, double s, T* y, T* z, double a)
    {
        (T ofU, T ofY) = (T.CreateTruncating(s), T.CreateTruncating(a));
        (Vector512<T> fU, Vector512<T> fY) = (Vector512.Create(ofU), Vector512.Create(ofY));
        int i = at.Start;
        for (; i <= at.End - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            var value = Vector512.Load(y + i);
            Store(fU * value, u + i);
            Vectors.MultiplyAdd(fY, value, Vector512.Load(z + i)).Store(y + i);
        }
        for (; i < at.End; i++)
        {
            u[i] = float.CreateTruncating(ofU * y[i]);
            y[i] = z[i] + (ofY * y[i]);
        }
    }

    private static double Product(T a, float b) => double.CreateTruncating(a) * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(float* from) =>
        typeof(T) == typeof(float)
            ? Vector512.Load(from).As<float, T>()
            : Vector512.WidenLower(Vector256.Load(from).ToVector512Unsafe()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<T> vector, float* to)
    {
        if (typeof(T) == typeof(float))
            vector.AsSingle().Store(to);
        else
            Vector256.Narrow(vector.AsDouble().GetLower(), vector.AsDouble().GetUpper()).Store(to);
    }
}

using TorchSharp;

namespace Implicit.Peers;

/// <summary>The numbers of our tensors as tensors of TorchSharp.</summary>
internal static class Bits
{
    /// <summary>More than the tolerances of the solvers leave, and less than any mistake.</summary>
    private const double MostDifference = 1e-3;

    public static torch.Tensor ToTorch(this Tensor x)
    {
        long[] shape = [.. x.Shape.Select(extent => (long)extent)];
        return x.DType == DType.Float32
            ? torch.tensor(x.ToArray<float>(), shape)
            : torch.tensor(x.ToArray<double>(), shape);
    }

    public static torch.Tensor[] ToTorch(this Tensor[] x) => Array.ConvertAll(x, ToTorch);

    /// <summary>Raises an error where TorchSharp has computed something else: then there is nothing to compare.</summary>
    public static void RequireSame(double[] expected, params torch.Tensor[] found)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor right = torch.tensor(expected);
        torch.Tensor all = torch.cat([.. found.Select(one => one.detach().flatten().to(torch.float64))]);
        double difference = ((all - right).norm() / right.norm()).item<double>();
        if (!(difference < MostDifference))
            throw new InvalidOperationException($"TorchSharp and the library differ by {difference:G2} of the whole.");
    }
}

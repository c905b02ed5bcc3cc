using System.Globalization;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>Numbers in texts are written alike wherever a process runs.</summary>
public sealed class CultureTests
{
    private static readonly CultureInfo WithCommas = Commas();

    [Fact]
    public void Errors_and_accounts_have_decimal_points()
    {
        CultureInfo own = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = WithCommas;
        try
        {
            Assert.Equal("1,5", $"{1.5}");
            Tensor x = Tensor.Of(1.0, 2.0);
            Says("Received 1.5 and 0.5.", () => Tensor.Clamp(x, 1.5, 0.5));
            Says("Received 0.5.", () => Tensor.Of(new long[] { 1 }) + 0.5);
            Says("0.5 and then 0.25", () => Ode.Integrate((_, y) => -y, Tensor.Of(0.0, 0.5, 0.25), x));
            Says("(0.5, ", () => ConvexProgram.Minimise<Tensor>(Cubic).SubjectTo(z => [z >= 0.0]).Argmin(x));
            string account = Ode.Solve((_, y) => -y, Tensor.Of(0.0, 0.5), x).Message;
            Assert.Contains("t = 0.5", account, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    private static Tensor Cubic(Tensor z) => Tensor.Sum(0.5 * z * z * z);

    private static void Says(string text, Func<Tensor> call) =>
        Assert.Contains(text, Assert.Throws<TensorException>(() => call()).Message, StringComparison.Ordinal);

    private static CultureInfo Commas()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        return culture;
    }
}

using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The mean over all items of −log of the probability of an item's class, by the softmax of its logits.</summary>
    /// <param name="logits">[batch…, classes], floating-point.</param>
    /// <param name="classes">int64 [batch…], each from 0 to the number of classes − 1.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="TensorException">The shapes or element types do not fit, or (when computed) a class is out of range.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor classes)
    {
        Arithmetic.Float("crossEntropy", logits.DType);
        Throw.Unless(
            logits.Rank > 0 && classes.DType == DType.Int64 && classes.Shape == logits.Shape.Take(logits.Rank - 1),
            "crossEntropy",
            "the classes must be int64 and have the shape of the logits without the last axis",
            $"{classes.Type} for logits {logits.Type}"
        );
        return -Mean(TakeAlongAxis(LogSoftmax(logits, -1), Unsqueeze(classes, -1), -1));
    }
}

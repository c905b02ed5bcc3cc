using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// A cotangent that is 0 where nothing flows. What is linear in it is applied to its value and selected afterwards: a derivative that is
    /// infinite or NaN where nothing flows would make NaN of the 0.
    /// </summary>
    /// <param name="Cotangent">The whole.</param>
    /// <param name="Condition">Truth values, which broadcast to it.</param>
    /// <param name="Holds">Whether something flows where the condition holds, or where it does not.</param>
    /// <param name="Value">What flows there, of the shape of the whole.</param>
    internal readonly record struct Selection(Tensor Cotangent, Tensor Condition, bool Holds, Tensor Value)
    {
        /// <summary>The selection that a cotangent is, if it is one.</summary>
        public static Selection? Of(Tensor cotangent)
        {
            if (cotangent.Op is not WhereOp)
                return null;
            InputList inputs = cotangent.Inputs;
            bool holds = IsZero(inputs[2]);
            return holds || IsZero(inputs[1])
                ? new Selection(cotangent, inputs[0], holds, Expand(inputs[holds ? 1 : 2], cotangent.Shape))
                : null;
        }

        /// <summary>
        /// The sum of two cotangents of one node: 0 where nothing flows in either. The two branches of one condition are one choice between them, in
        /// which something flows everywhere.
        /// </summary>
        public static Tensor Sum(Tensor a, Tensor b)
        {
            if (Of(a) is not { } first || Of(b) is not { } second)
                return a + b;
            if (ReferenceEquals(first.Condition, second.Condition) && first.Holds == second.Holds)
                return first.With(first.Value + second.Value);
            if (ReferenceEquals(first.Condition, second.Condition))
                return first.Holds
                    ? Where(first.Condition, first.Value, second.Value)
                    : Where(first.Condition, second.Value, first.Value);
            return Either(first.Flows, second.Flows) is { } flows ? Where(flows, a + b, 0.0) : a + b;
        }

        /// <summary>
        /// The condition that one of two holds; null where that is always. What both ask for besides is asked for once, or conditions would grow along
        /// a chain of maxima.
        /// </summary>
        private static Tensor? Either(Tensor a, Tensor b)
        {
            if (a.Op is AndOp && b.Op is AndOp && IsSame(a.Inputs[1], b.Inputs[1]))
                return Either(a.Inputs[0], b.Inputs[0]) is { } rest ? rest & a.Inputs[1] : a.Inputs[1];
            return IsNot(a, b) || IsNot(b, a) || AreConverse(a, b) ? null : a | b;
        }

        private static bool IsNot(Tensor a, Tensor b) => a.Op is NotOp && ReferenceEquals(a.Inputs[0], b);

        private static bool IsSame(Tensor a, Tensor b) =>
            ReferenceEquals(a, b) || (a.Op is NotOp && b.Op is NotOp && ReferenceEquals(a.Inputs[0], b.Inputs[0]));

        /// <summary>Whether they are x ≥ y and y ≥ x, of which one holds wherever neither is NaN.</summary>
        private static bool AreConverse(Tensor a, Tensor b) =>
            a.Op is GreaterOrEqualOp or LessOrEqualOp
            && a.Op == b.Op
            && ReferenceEquals(a.Inputs[0], b.Inputs[1])
            && ReferenceEquals(a.Inputs[1], b.Inputs[0]);

        /// <summary>A cotangent after a movement of elements, in which every place takes one of them.</summary>
        public static Tensor Move<T>(Tensor cotangent, Func<Tensor, T, Tensor> move, T how) =>
            Of(cotangent) is { } selection
                ? Where(move(Expand(selection.Flows, cotangent.Shape), how), move(selection.Value, how), 0.0)
                : move(cotangent, how);

        /// <summary>Another value, selected alike, summed to a shape that broadcasts to its own.</summary>
        public Tensor SumTo(Tensor value, Shape shape) =>
            Broadcasting.Fits(Condition.Shape, shape)
                ? With(Tensor.SumTo(value, shape))
                : Tensor.SumTo(With(value), shape);

        /// <summary>Another value, selected alike.</summary>
        private Tensor With(Tensor value)
        {
            if (ReferenceEquals(value, Value))
                return Cotangent;
            if (Of(value) is { } inner)
                return Where(inner.Flows & Flows, inner.Value, 0.0);
            return Holds ? Where(Condition, value, 0.0) : Where(Condition, 0.0, value);
        }

        private Tensor Flows => Holds ? Condition : !Condition;

        private static bool IsZero(Tensor x) => x.Op is LiteralOp { Number: 0.0 };
    }
}

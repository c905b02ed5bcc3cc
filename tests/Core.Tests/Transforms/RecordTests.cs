using System.Collections.Immutable;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>Parameters in the types that C# has for them: whatever a record holds is a part of it, and what cannot be made anew is refused.</summary>
public sealed class RecordTests
{
    private static readonly Tensor Two = Scalar(2.0);
    private static readonly Tensor Three = Scalar(3.0);

    [Fact]
    public void Properties_beside_the_constructor_are_parts()
    {
        var layer = new Layer(Two) { Bias = Three, Scale = 5.0 };
        (Tensor value, Layer gradient) = ValueAndGrad(p => p.Scale * p.Weight * p.Bias, layer);
        Assert.Equal(30.0, (double)value);
        Assert.Equal(15.0, (double)gradient.Weight);
        Assert.Equal(10.0, (double)gradient.Bias);
        Assert.Equal(5.0, gradient.Scale);
        Assert.Equal(3.0, (double)layer.Bias);
    }

    [Fact]
    public void A_record_needs_no_constructor()
    {
        Plain gradient = Grad(p => p.Scale * p.Weight * p.Weight, new Plain { Weight = Three, Scale = 2.0 });
        Assert.Equal(12.0, (double)gradient.Weight);
        Assert.Equal(2.0, gradient.Scale);
    }

    [Fact]
    public void A_record_structure_keeps_what_it_has_beside_its_constructor()
    {
        Point gradient = Grad(p => p.Scale * p.X * p.Y, new Point(Two) { Y = Three, Scale = 7.0 });
        Assert.Equal(21.0, (double)gradient.X);
        Assert.Equal(14.0, (double)gradient.Y);
    }

    [Fact]
    public void Whatever_fields_a_record_has_are_parts()
    {
        Product<Fields>(new Fields(Two) { Other = Three }, p => p.Weight * p.Other, p => p.Other);
        Product<Closed>(new Closed(Two).With(Three), p => p.Weight * p.Other, p => p.Other);
        Product<Backed>(new Backed(Two) { Other = Three }, p => p.Weight * p.Other, p => p.Other);
        Product<Private>(new Private(Two).With(Three), p => p.Weight * p.Other(), p => p.Other());
        Product<Derived>(new Derived(Two) { Other = Three }, p => p.Weight * p.Other, p => p.Other);
        Product<Structure>(new Structure { Weight = Two, Other = Three }, p => p.Weight * p.Other, p => p.Other);

        static void Product<T>(T record, Func<T, Tensor> product, Func<T, Tensor> other)
        {
            (Tensor value, T gradient) = ValueAndGrad(product, record);
            Assert.Equal(6.0, (double)value);
            Assert.Equal(2.0, (double)other(gradient));
            Assert.Equal(3.0, (double)other(record));
            Assert.Equal(6.0, (double)Compile(product)(record));
        }
    }

    [Fact]
    public void A_computed_property_is_no_part()
    {
        Ratio gradient = Grad(p => p.Half * p.Half, new Ratio { Whole = Three });
        Assert.Equal(1.5, (double)gradient.Whole);
    }

    [Fact]
    public void A_compiled_function_sees_a_property_beside_the_constructor()
    {
        Func<Layer, Tensor> f = Compile((Layer p) => p.Scale * p.Weight * p.Bias);
        Assert.Equal(30.0, (double)f(new Layer(Two) { Bias = Three, Scale = 5.0 }));
        Assert.Equal(20.0, (double)f(new Layer(Two) { Bias = Two, Scale = 5.0 }));
        Assert.Equal(8.0, (double)f(new Layer(Two) { Bias = Two, Scale = 2.0 }));
    }

    [Fact]
    public void A_class_that_holds_tensors_is_refused()
    {
        Refused("Network with its field Weight.", () => Grad(p => p.Weight, new Network { Weight = Two }).Weight);
        Refused("Nested", () => Grad(p => p.X * p.Net.Inner.Weight, (X: Two, Net: new Nested())).X);
        Refused("Listed", () => Grad(p => p.X * p.Net.Inner[0].A, (X: Two, Net: new Listed())).X);
        Refused("Half", () => Grad(p => p.Weight * p.Bias, new Half(Two) { Bias = Three }).Weight);
        Refused("Layers", () => Grad(p => p.X * p.More[0], (X: Two, More: new Layers { Three })).X);
        Refused("Deep", () => Grad(p => p.Weight, new Deep { Weight = Two }).Weight);
        Refused("Network", () => Grad(p => p.X * p.Net.Weight, (X: Two, Net: new Network { Weight = Two })).X);
        Refused("Network", () => Vmap(x => new Network { Weight = x }, Ones([3])).Weight);
        Refused("ImmutableArray`1", () => Grad(p => p.X * p.More[0], (X: Two, More: ImmutableArray.Create(Three))).X);
        Refused(
            "SortedDictionary`2",
            () => Grad(p => p.X * p.More["a"], (X: Two, More: new SortedDictionary<string, Tensor> { ["a"] = Three })).X
        );

        static void Refused(string type, Func<Tensor> run)
        {
            TensorException error = Assert.Throws<TensorException>(run);
            Assert.StartsWith("[tree] tensors must be in records, tuples", error.Message, StringComparison.Ordinal);
            Assert.Contains($"Received {type}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_function_that_holds_what_is_traced_does_not_get_out()
    {
        Refused("compile", () => Compile((Tensor x) => (Func<Tensor, Tensor>)(y => x * y))(Two));
        Refused("vmap", () => Vmap((Tensor x) => (Func<Tensor, Tensor>)(y => x * y), Ones([2])));
        Refused("vjp", () => Vjp((Tensor x) => (x, (Func<Tensor>)(() => x)), Two));
        Assert.Equal(4.0, (double)Compile((Tensor x) => (x * Two, (Func<Tensor>)(() => Three)))(Two).Item1);

        static void Refused(string op, Func<object> run) =>
            Assert.StartsWith(
                $"[{op}] a function must not return others that hold what it was traced with",
                Assert.Throws<TensorException>(run).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void What_holds_none_stays_as_it_is()
    {
        Kept(new Settings { Rate = 4.0 });
        Kept(new HashSet<string> { "a", "b" });
        Kept(new SortedDictionary<string, double> { ["a"] = 1.0 });
        Kept(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Kept(new Version(1, 2));
        Kept(new Numbers { 1.0, 2.0 });

        static void Kept<T>(T value)
        {
            (_, T met) = Grad(
                p =>
                {
                    Assert.Equal(value, p.Kept);
                    return p.X * p.X;
                },
                (X: Two, Kept: value)
            );
            Assert.Equal(value, met);
        }
    }

    public sealed record Layer(Tensor Weight)
    {
        public Tensor Bias { get; init; } = Zeros([]);

        public double Scale { get; init; } = 1.0;
    }

    public sealed record Fields(Tensor Weight)
    {
        public Tensor Other = Zeros([]);
    }

    public sealed record Closed(Tensor Weight)
    {
        public Tensor Other { get; private set; } = Zeros([]);

        public Closed With(Tensor other) => new(Weight) { Other = other };
    }

    public sealed record Backed(Tensor Weight)
    {
        private Tensor other = Zeros([]);

        public Tensor Other
        {
            get => other;
            init => other = value;
        }
    }

    public sealed record Private(Tensor Weight)
    {
        private Tensor other = Zeros([]);

        public Tensor Other() => other;

        public Private With(Tensor value) => new(Weight) { other = value };
    }

    public record Base
    {
        public Tensor Other { get; init; } = Zeros([]);
    }

    public sealed record Derived(Tensor Weight) : Base;

    public struct Structure
    {
        public Tensor Weight;

        public Tensor Other { get; set; }
    }

    public sealed class Nested
    {
        public Layer Inner { get; } = new(Scalar(1.0));
    }

    public sealed class Listed
    {
        public List<(Tensor A, int B)> Inner { get; } = [(Scalar(1.0), 1)];
    }

    public sealed record Plain
    {
        public required Tensor Weight { get; init; }

        public double Scale { get; init; } = 1.0;
    }

    public record struct Point(Tensor X)
    {
        public Tensor Y { get; set; } = Zeros([]);

        public double Scale { get; set; } = 1.0;
    }

    public sealed record Ratio
    {
        public required Tensor Whole { get; init; }

        public Tensor Half
        {
            get => 0.5 * Whole;
            init => Whole = 2.0 * value;
        }
    }

    public class Network
    {
        public Tensor Weight { get; set; } = Zeros([]);
    }

    public sealed class Deep : Network;

    /// <summary>Its constructor takes one of its two tensors.</summary>
    public sealed class Half(Tensor weight)
    {
        public Tensor Weight { get; } = weight;

        public Tensor Bias { get; set; } = Zeros([]);
    }

    public sealed class Layers : List<Tensor>;

    public sealed class Numbers : List<double>;

    public sealed class Settings
    {
        public double Rate { get; set; }
    }
}

namespace Ctc.Hosting.Tests;

public class PartClassesTests
{
    [Test]
    public void Parts_are_found_among_other_types() => Assert.That(
        PartClasses.Among([typeof(string), typeof(Abstract), typeof(WithOptions), typeof(ILossWeighting), typeof(WithNothing), typeof(Options)]),
        Is.EqualTo(new[] { typeof(WithOptions), typeof(WithNothing) }));

    [Test]
    public void A_plugin_without_parts_is_refused() =>
        AssertRefused("it holds no parts: no class in it fills an extension point", typeof(string), typeof(Abstract));

    [Test]
    public void A_part_without_a_name_is_refused() =>
        AssertRefused("its class Nameless is a part without a name; expected a Part attribute on it", typeof(WithOptions), typeof(Nameless));

    [Test]
    public void A_name_with_control_characters_is_refused() => AssertRefused(
        "its class Escaping has a name with control characters or changes of direction; expected kebab-case, such as label-smoothing",
        typeof(WithNothing),
        typeof(Escaping));

    [Test]
    public void A_part_at_no_extension_point_is_refused() =>
        AssertRefused("its class Pointless fills no extension point; expected an interface such as ITargetTransform", typeof(Pointless));

    [TestCase(typeof(TwoConstructors))]
    [TestCase(typeof(HiddenConstructor))]
    [TestCase(typeof(OtherOptions))]
    [TestCase(typeof(MoreThanOptions))]
    public void A_part_takes_its_options_and_nothing_else(Type part) => AssertRefused(
        $"its class {part.Name} has no usable constructor; expected one public constructor, without parameters or with only its options, Options",
        part);

    private static void AssertRefused(string why, params Type[] types) =>
        Assert.That(() => PartClasses.Among(types), Throws.TypeOf<PluginException>().With.Message.EqualTo(why));

    private sealed record Options;

    private abstract class Abstract : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => throw new NotSupportedException();
    }

#pragma warning disable CS9113 // The arguments represent those of real parts.
    [Part("with-options", typeof(Options))]
    private sealed class WithOptions(Options options) : Abstract;

    [Part("with-nothing")]
    private sealed class WithNothing : Abstract;

    private sealed class Nameless : Abstract;

    [Part("in\u001b]0;TITLE\u0007ject\u202E")]
    private sealed class Escaping : Abstract;

    [Part("pointless")]
    private sealed class Pointless : IPart;

    [Part("two-constructors", typeof(Options))]
    private sealed class TwoConstructors(Options options) : Abstract
    {
        public TwoConstructors()
            : this(new Options())
        {
        }
    }

    [Part("hidden-constructor", typeof(Options))]
    private sealed class HiddenConstructor : Abstract
    {
        internal HiddenConstructor(Options options)
        {
        }
    }

    [Part("other-options", typeof(Options))]
    private sealed class OtherOptions(NoOptions options) : Abstract;

    [Part("more-than-options", typeof(Options))]
    private sealed class MoreThanOptions(Options options, string more) : Abstract;
#pragma warning restore CS9113
}

using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Schema;

namespace Ctc.Configuration.Tests.Binding;

public class OptionTests
{
    private readonly ExperimentText file = new();

    [OneTimeTearDown]
    public void Delete() => file.Dispose();

    [Test]
    public void An_option_may_be_of_any_simple_type_or_a_list_or_a_record()
    {
        Experiment experiment = file.Bind(ExperimentText.Least + """
            objective:
              auxiliary:
                - everything:
                    text: 1.0
                    no-text: "null"
                    truth: true
                    whole: -7
                    large: 9007199254740993
                    number: +1.5E+2
                    narrow: 0.3
                    no-number: 4
                    shape: square
                    numbers: [1, 2.5]
                    shapes: [wide-oval]
                    inner: { epsilon: 0.5 }
                    no-inner: { epsilon: 0.6 }
                - everything: { no-text: ~, no-number: null, no-inner: }
            """);

        EverythingOptions[] options = [.. experiment.Objective.Chosen.At<IAuxiliaryTerm>().Select(part => (EverythingOptions)part.Options)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((options[0].Text, options[0].NoText, options[0].Truth), Is.EqualTo(("1.0", "null", true)));
            Assert.That((options[0].Whole, options[0].Large), Is.EqualTo((-7, 9007199254740993L)));
            Assert.That((options[0].Number, options[0].Narrow, options[0].NoNumber), Is.EqualTo((150.0, 0.3f, (double?)4)));
            Assert.That(options[0].Shape, Is.EqualTo(Shape.Square));
            Assert.That(options[0].Numbers, Is.EqualTo(new[] { 1, 2.5 }));
            Assert.That(options[0].Shapes, Is.EqualTo(new[] { Shape.WideOval }));
            Assert.That((options[0].Inner.Epsilon, options[0].NoInner!.Epsilon), Is.EqualTo(((Schedule)0.5, (Schedule)0.6)));
            Assert.That(new object?[] { options[1].NoText, options[1].NoNumber, options[1].NoInner }, Is.All.Null);
        }
    }
}

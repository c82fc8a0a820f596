using Ctc.Cli.Terminal;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Tests;

public class EpochTextTests
{
    private static readonly EpochMetrics Epoch = new(12, 1.25, 0.5, 0.0378, 1, 0, 3.21) { BlankShare = 0.876 };

    [TestCase(200, ExpectedResult = "epoch  12  train   1.2500  dev   0.5000  errors   3.78 %  blank  88 %   3.2 s  *")]
    [TestCase(80, ExpectedResult = "epoch  12  train   1.2500  dev   0.5000  errors   3.78 %  blank  88 %   3.2 s  *")]
    [TestCase(79, ExpectedResult = "epoch  12  train   1.2500  dev   0.5000  errors   3.78 %   3.2 s  *")]
    [TestCase(60, ExpectedResult = "epoch  12  train   1.2500  dev   0.5000  errors   3.78 %  *")]
    [TestCase(45, ExpectedResult = "epoch  12  dev   0.5000  errors   3.78 %  *")]
    [TestCase(40, ExpectedResult = "epoch  12  errors   3.78 %  *")]
    [TestCase(10, ExpectedResult = "epoch  12  errors   3.78 %  *")]
    public string On_a_narrow_terminal_the_least_important_numbers_are_left_out(int width) => EpochText.Format(Epoch, isBest: true, width);

    [Test]
    public void Without_a_blank_there_is_no_share_of_it() =>
        Assert.That(
            EpochText.Format(Epoch with { BlankShare = double.NaN }, isBest: false),
            Is.EqualTo("epoch  12  train   1.2500  dev   0.5000  errors   3.78 %   3.2 s"));
}

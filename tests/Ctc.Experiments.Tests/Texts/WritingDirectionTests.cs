using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Tests.Texts;

public class WritingDirectionTests
{
    [TestCase("\u05D0\u05D1", true, Description = "Hebrew")]
    [TestCase("12 \u0627", true, Description = "Arabic")]
    [TestCase("\U00010A00", true, Description = "Kharoshthi, outside the basic plane")]
    [TestCase("abc 12", false)]
    [TestCase("\u0661\u0662", false, Description = "digits alone")]
    [TestCase("国", false)]
    [TestCase("", false)]
    public void Letters_decide(string text, bool isRightToLeft) => Assert.That(WritingDirection.IsRightToLeft(text), Is.EqualTo(isRightToLeft));
}

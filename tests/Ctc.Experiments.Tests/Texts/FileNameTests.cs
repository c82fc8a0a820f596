using System.Text;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Tests.Texts;

public class FileNameTests
{
    [TestCase("line-1.png", "line-1.png")]
    [TestCase("一行 é", "一行 é")]
    [TestCase("../../etc/passwd", "_._.._etc_passwd")]
    [TestCase("a\u001b[31m\nb\u202E", "a_[31m_b_")]
    [TestCase("CON:*?\"<>|\\", "CON________")]
    [TestCase("..", "_.")]
    [TestCase("", "_")]
    public void Separators_and_control_characters_are_replaced(string id, string name) => Assert.That(FileName.From(id), Is.EqualTo(name));

    [Test]
    public void A_long_text_is_cut_between_characters()
    {
        string name = FileName.From(string.Concat(Enumerable.Repeat("𠀀é", 300)));
        Assert.That(Encoding.UTF8.GetByteCount(name), Is.EqualTo(120));
        Assert.That(name, Does.EndWith("𠀀é"));
    }
}

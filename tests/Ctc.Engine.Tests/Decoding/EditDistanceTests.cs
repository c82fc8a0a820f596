namespace Ctc.Engine.Tests.Decoding;

public class EditDistanceTests
{
    [TestCase("kitten", "sitting", 3)]
    [TestCase("", "abc", 3)]
    [TestCase("abc", "", 3)]
    [TestCase("abc", "abc", 0)]
    [TestCase("ab", "ba", 2)]
    public void Counts_the_fewest_edits(string from, string to, int edits) =>
        Assert.That(EditDistance.Between<char>(from, to), Is.EqualTo(edits));
}

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

    [TestCase("ab", "ba", "(0, 0) (1, 1)")]
    [TestCase("abc", "ac", "(0, 0) (1, -1) (2, 1)")]
    [TestCase("ac", "abc", "(0, 0) (-1, 1) (1, 2)")]
    [TestCase("aa", "a", "(0, -1) (1, 0)")]
    [TestCase("", "ab", "(-1, 0) (-1, 1)")]
    [TestCase("ab", "", "(0, -1) (1, -1)")]
    [TestCase("", "", "")]
    public void Aligns_by_the_fewest_edits_and_decides_ties_from_the_end(string from, string to, string pairs) =>
        Assert.That(string.Join(' ', EditDistance.Align<char>(from, to)), Is.EqualTo(pairs));

    [Test]
    public void An_alignment_holds_both_sequences_and_has_as_many_edits_as_enumeration_finds()
    {
        for (int n = 0; n < 300; n++)
        {
            SplitMix64 chance = SplitMix64.At(3, n);
            string from = Draw(), to = Draw();
            IReadOnlyList<(int From, int To)> pairs = EditDistance.Align<char>(from, to);
            Assert.That(pairs.Select(pair => pair.From).Where(i => i >= 0), Is.EqualTo(Enumerable.Range(0, from.Length)));
            Assert.That(pairs.Select(pair => pair.To).Where(j => j >= 0), Is.EqualTo(Enumerable.Range(0, to.Length)));
            int edits = pairs.Count(pair => pair.From < 0 || pair.To < 0 || from[pair.From] != to[pair.To]);
            Assert.That(edits, Is.EqualTo(Fewest(from, to)), $"{from}, {to}");

            string Draw() => string.Concat(Enumerable.Range(0, chance.Below(6)).Select(_ => "abc"[chance.Below(3)]));
        }
    }

    // Between computes 64 elements at once.
    [Test]
    public void Counts_as_many_edits_as_an_alignment_has([Values(1, 3, 63, 64, 65, 129, 200)] int length)
    {
        for (int n = 0; n < 30; n++)
        {
            SplitMix64 chance = SplitMix64.At(length, n);
            string from = Draw(length), to = Draw(chance.Below(2 * length));
            int edits = EditDistance.Align<char>(from, to).Count(pair => pair.From < 0 || pair.To < 0 || from[pair.From] != to[pair.To]);
            Assert.That(EditDistance.Between<char>(from, to), Is.EqualTo(edits), $"{from}, {to}");
            Assert.That(EditDistance.Between<char>(to, from), Is.EqualTo(edits), $"{to}, {from}");

            string Draw(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "abcd"[chance.Below(4)]));
        }
    }

    // By the definition: every way to begin.
    private static int Fewest(string from, string to) =>
        from.Length == 0 || to.Length == 0
            ? from.Length + to.Length
            : Math.Min(
                Fewest(from[1..], to[1..]) + (from[0] == to[0] ? 0 : 1),
                1 + Math.Min(Fewest(from[1..], to), Fewest(from, to[1..])));
}

using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class TokenNamesTests
{
    [Test]
    public void Tokens_match_by_symbol_and_blank_matches_blank()
    {
        var old = new TokenNames(["␣", "a", "b", "c"], 0);
        var found = new TokenNames(["c", "x", "␣", "a"], 2);
        (long[] from, long[] to) = old.Match(found);
        Assert.That((from, to), Is.EqualTo((new long[] { 3, 0, 1 }, new long[] { 0, 2, 3 })));
        Assert.That((found.Except(to), old.Except(from)), Is.EqualTo((new[] { "x" }, new[] { "b" })));
    }

    [Test]
    public void A_symbol_that_is_written_as_the_blank_is_not_the_blank()
    {
        (long[] from, long[] to) = new TokenNames(["␣", "a"], 0).Match(new TokenNames(["a", "␣"], null));
        Assert.That((from, to), Is.EqualTo((new long[] { 1 }, new long[] { 0 })));
    }

    [Test]
    public void A_vocabulary_names_its_blank_and_what_a_topology_adds() => Assert.That(
        TokenNames.From(new Vocabulary(new Alphabet(["a", "b"])).WithAdded([new AddedToken("ab", [1, 2])])).All,
        Is.EqualTo(new[] { "␣", "a", "b", "ab" }));
}

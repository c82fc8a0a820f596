using System.Text.Json;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Readings;

/// <summary>Errors of characters and words beside those that other programs count: each line, and all of them together.</summary>
/// <remarks>Texts of many scripts, composed and decomposed, from right to left, of emoji, with all kinds of white space, and empty ones.</remarks>
public class IndependentCountsTests
{
    private static readonly JsonElement Golden = JsonElement.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "edits.json")));

    [Test]
    public void Every_line_has_the_same_errors_of_characters_and_words()
    {
        foreach (JsonElement line in Golden.GetProperty("lines").EnumerateArray())
        {
            UtteranceResult result = Read(line);
            (EditCounts characters, EditCounts words) = (result.CharacterEdits, result.WordEdits);
            Assert.That(
                (characters.Length, characters.Errors, words.Length, words.Errors),
                Is.EqualTo((line[2].GetInt32(), line[3].GetInt32(), line[4].GetInt32(), line[5].GetInt32())),
                line.GetRawText());
        }
    }

    [Test]
    public void The_rates_of_a_set_are_those_of_its_sums()
    {
        Measurement all = Measurement.FromUtterances([.. Golden.GetProperty("lines").EnumerateArray().Select(Read)]);
        JsonElement totals = Golden.GetProperty("totals");
        int Total(string name) => totals.GetProperty(name).GetInt32();
        Assert.That(all.Utterances, Has.Count.EqualTo(Total("lines")).And.Count.GreaterThan(300));
        Assert.That(all.CharacterErrors.Rate, Is.EqualTo((double)Total("character_errors") / Total("characters")));
        Assert.That(all.WordErrors.Rate, Is.EqualTo((double)Total("word_errors") / Total("words")));
    }

    private static UtteranceResult Read(JsonElement line) =>
        new("x", [], [], 0, 0, null) { ReferenceText = line[0].GetString()!, HypothesisText = line[1].GetString()! };
}

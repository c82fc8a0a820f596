using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Files;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class MeasurementTests
{
    [Test]
    public void Rates_count_edits_over_all_tokens_and_recall_by_symbol()
    {
        // One substitution and one insertion over five tokens; "2" is found in one of two places.
        Measurement measured = Measurement.FromUtterances([Read("123", "143", 1, 0.5), Read("12", "122", 1, 1.5), Read("", "", 0, 1)]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.TokenErrorRate, Is.EqualTo(2.0 / 5));
            Assert.That(measured.ExactMatchRate, Is.EqualTo(1.0 / 3));
            Assert.That(measured.Loss, Is.EqualTo(1));
            Assert.That(measured.PerToken["2"], Is.EqualTo(new TokenRecall(2, 1)));
            Assert.That(measured.PerToken["2"].Recall, Is.EqualTo(0.5));
            Assert.That(measured.PerToken["1"], Is.EqualTo(new TokenRecall(2, 2)));
        }
    }

    [Test]
    public void Infeasible_utterances_are_named_and_leave_the_mean_loss_alone()
    {
        Measurement measured = Measurement.FromUtterances([Read("1", "1", 0, 2), Read("11", "", 2, null)]);
        Assert.That(measured.Loss, Is.EqualTo(2));
        Assert.That(measured.Infeasible, Is.EqualTo(new[] { "11" }));
    }

    [Test]
    public void Characters_words_and_groups_have_errors_of_their_own_and_the_texts_are_in_the_file()
    {
        Measurement measured = Measurement.FromUtterances(
        [
            Read("it is so", "it so", 3, 1) with { Group = "she" },
            Read("it is", "at is", 1, 1) with { Group = "he" },
            Read("no", "no", 0, 1) with { Group = "she" },
        ]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.CharacterErrors, Is.EqualTo(new ErrorRates(15, 1, 3, 0)));
            Assert.That(measured.WordErrors, Is.EqualTo(new ErrorRates(6, 1, 1, 0)));
            Assert.That(measured.TokenErrors.Rate, Is.EqualTo(measured.TokenErrorRate));
            Assert.That(measured.Groups!.Keys, Is.EqualTo(new[] { "he", "she" }));
            Assert.That(measured.Groups!["she"], Is.EqualTo(new GroupErrors(2, new(10, 0, 3, 0), new(10, 0, 3, 0), new(4, 0, 1, 0))));
            Assert.That(measured.Confusions[0], Is.EqualTo(new Confusion(" ", "", 1)));
        }

        JsonNode json = JsonSerializer.SerializeToNode(measured, RunJson.Page)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)json["utterances"]![0]!["reference_text"], Is.EqualTo("it is so"));
            Assert.That(
                json["utterances"]![1]!["word_edits"]!.ToJsonString(),
                Is.EqualTo("""{"length":2,"substitutions":1,"deletions":0,"insertions":0}"""));
            Assert.That((double?)json["word_errors"]!["deletion_rate"], Is.EqualTo(1.0 / 6));
            Assert.That((int?)json["groups"]!["he"]!["utterances"], Is.EqualTo(1));
            JsonNode again = JsonSerializer.SerializeToNode(json.Deserialize<Measurement>(RunJson.Page), RunJson.Page)!;
            Assert.That(again.ToJsonString(), Is.EqualTo(json.ToJsonString()));
        }
    }

    // By the definition, without the code that measures.
    [Test]
    public void The_numbers_of_every_line_are_those_of_another_computation()
    {
        for (int n = 0; n < 100; n++)
        {
            SplitMix64 chance = SplitMix64.At(5, n);
            string there = Draw(), read = Draw();
            UtteranceResult line = Read(there, read, EditDistance.Between<char>(there, read), 1);
            Assert.That(line.CharacterEdits.Errors, Is.EqualTo(Edits(there, read)));
            Assert.That(line.CharacterEdits.Deletions - line.CharacterEdits.Insertions, Is.EqualTo(there.Length - read.Length));
            string[] wordsThere = [.. there.Split(' ').Where(word => word != "")], wordsRead = [.. read.Split(' ').Where(word => word != "")];
            Assert.That((line.WordEdits.Length, line.WordEdits.Errors), Is.EqualTo((wordsThere.Length, Edits(wordsThere, wordsRead))));

            string Draw() => string.Concat(Enumerable.Range(0, chance.Below(30)).Select(_ => "ab "[chance.Below(3)]));
        }

        // Row by row from the beginning.
        static int Edits<T>(IEnumerable<T> from, IEnumerable<T> to)
        {
            T[] columns = [.. to];
            int[] row = [.. Enumerable.Range(0, columns.Length + 1)];
            foreach (T element in from)
            {
                int[] next = [row[0] + 1, .. new int[columns.Length]];
                for (int j = 1; j < next.Length; j++)
                {
                    next[j] = Equals(element, columns[j - 1]) ? row[j - 1] : 1 + new[] { row[j - 1], row[j], next[j - 1] }.Min();
                }

                row = next;
            }

            return row[^1];
        }
    }

    private static UtteranceResult Read(string there, string read, int errors, double? loss) =>
        new(there, [.. there.Select(letter => $"{letter}")], [.. read.Select(letter => $"{letter}")], errors, there.Length, loss);
}

using Ctc.Experiments.Alignments;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>The experiment of configs/pronunciations.yaml with fewer words and lines, of one variant.</summary>
[Category("Slow")]
public class PronunciationRunTests
{
    // Of half of the words the letters in another order are drawn, and are right: a preference for some strings finds half at most.
    [Test]
    public void Training_on_a_right_and_a_wrong_pronunciation_of_each_word_finds_the_one_that_is_drawn()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        (string lexicon, string words) = (folder.In("lexicon.txt"), folder.In("words.txt"));
        string[] lines = [.. File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "both.txt")).Take(24)];
        string[] drawn = [.. lines.Where((_, i) => i % 2 == i / 2 % 2)];
        File.WriteAllLines(lexicon, lines);
        File.WriteAllLines(words, drawn);
        string data = $"{{\"source\":\"drawn-lines\",\"words\":\"{words}\",\"train-lines\":300,\"dev-lines\":10,\"test-lines\":40," +
            "\"min-symbols\":1,\"max-symbols\":2,\"height\":12,\"min-size\":10,\"max-size\":10}";
        RunResult result = SmallExperiment.Run(
            folder.In("run"),
            recorder,
            $"data={data} objective={{\"topology\":{{\"lexicon\":{{\"file\":\"{lexicon}\",\"separator\":null}}}}}} " +
                "model={\"encoder\":\"conv\",\"stride\":2,\"kernel\":5,\"layers\":2,\"hidden\":48} " +
                "train.epochs=8 train.batch-size=8 train.learning-rate=5e-3");

        using TrainedModel model = TrainedModel.Load(result.Folder, SmallExperiment.Parts([]), Assert.Fail);
        AlignedWord[] aligned = [.. model.Align(model.LoadSet("test")).SelectMany(line => line.Words!)];
        Assert.That(aligned.Select(word => word.Word).Distinct().Count(), Is.EqualTo(12));
        double found = aligned.Average(word => drawn.Contains($"{word.Word} {string.Join(' ', word.Symbols)}") ? 1 : 0);
        Assert.That(found, Is.GreaterThanOrEqualTo(0.95));
        Assert.That(result.Test.TokenErrorRate, Is.LessThan(0.9), "words are read");
    }
}

using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Boundaries of a head, the section <c>alignment</c>.</summary>
[Category("Slow")]
public class HeadAlignmentTests
{
    private const string TwoHeads = "model={\"encoder\":\"tdnn\",\"hidden\":12,\"layers\":1,\"narrow\":true} " +
        "objective.heads=[{\"narrow\":{\"topology\":\"no-blank\"}}]";

    [Test]
    public void The_head_that_aligns_gives_the_boundaries_of_the_results_and_of_ctc_align()
    {
        using var folder = new TemporaryFolder();
        using Recorder recorder = new();
        RunResult plain = SmallExperiment.Run(folder.In("plain"), recorder, $"{TwoHeads} alignment={{\"edges\":\"midway\"}}");
        RunResult head = SmallExperiment.Run(folder.In("head"), recorder, $"{TwoHeads} alignment={{\"head\":\"narrow\",\"edges\":\"expected\"}}");
        Assert.That(head.Test.Loss, Is.EqualTo(plain.Test.Loss), "training is the same");
        Assert.That(head.Test.Identity, Is.Not.EqualTo(plain.Test.Identity));

        using TrainedModel model = TrainedModel.Load(folder.In("head"), SmallExperiment.Parts([]), Assert.Fail, with: ReadingParts.Alignment);
        using TrainedModel without = TrainedModel.Load(folder.In("plain"), SmallExperiment.Parts([]), Assert.Fail, with: ReadingParts.Alignment);
        IReadOnlyList<Utterance> test = model.LoadSet("test");
        AlignedUtterance[] narrow = [.. model.Align(test)], wide = [.. without.Align(without.LoadSet("test"))];
        Assert.That(narrow.Select(aligned => aligned.Frames), Is.EqualTo(test.Select(utterance => (long)utterance.Frames)), "of the stream");
        Assert.That(wide.Select(aligned => aligned.Frames), Is.EqualTo(test.Select(utterance => (utterance.Frames + 1L) / 2)), "of the output");
        AssertAreMeasured(head, narrow);
        AssertAreMeasured(plain, wide);
        AssertEdges(model.Draw(test[0], narrow[0]).Edges, narrow[0], scale: 1);
        AssertEdges(without.Draw(test[0], wide[0]).Edges, wide[0], scale: (double)test[0].Frames / wide[0].Frames);
        foreach (AlignedUtterance aligned in narrow)
        {
            IReadOnlyList<AlignedToken> tokens = aligned.Tokens!;
            Assert.That(tokens.Zip(tokens.Skip(1)).Select(pair => pair.First.End == pair.Second.Start), Is.All.True, "without blank, tokens touch");
            Assert.That(tokens[0].Start, Is.Zero);
        }
    }

    [TestCase(TwoHeads + " alignment.head=wide", "head is wide; expected one of narrow")]
    [TestCase("alignment.head=middle", "head is middle; expected a head of the objective, which has none")]
    [TestCase("alignment.edges=soft", "edges is soft; expected one of frames, midway, first, last, expected")]
    public void What_cannot_align_is_refused(string overrides, string sentence) => Assert.That(
        () => SmallExperiment.Bind(overrides), Throws.TypeOf<ConfigurationException>().With.Message.Contains(sentence));

    private static void AssertEdges(IReadOnlyList<FrameInterval> drawn, AlignedUtterance aligned, double scale) => Assert.That(
        drawn.SelectMany(edge => new[] { edge.Start, edge.End }),
        Is.EqualTo(aligned.Tokens!.SelectMany(token => new[] { token.Edges.Start * scale, token.Edges.End * scale })).Within(1e-9));

    private static void AssertAreMeasured(RunResult run, AlignedUtterance[] found)
    {
        Assert.That(run.Test.Utterances.Select(utterance => utterance.Id), Is.EqualTo(found.Select(aligned => aligned.Id)));
        foreach ((double[]? measured, double[]? aligned) in run.Test.Utterances.Zip(found, (one, other) =>
            (one.BoundaryErrors?.ToArray(), other.BoundaryErrors?.ToArray())))
        {
            Assert.That(measured, Is.Not.Null);
            Assert.That(measured, Is.EqualTo(aligned).Within(1e-3));
        }
    }
}

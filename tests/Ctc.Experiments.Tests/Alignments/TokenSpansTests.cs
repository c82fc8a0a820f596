using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Experiments.Alignments;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Alignments;

[NoTensorLeaks]
public class TokenSpansTests
{
    [Test]
    public void A_token_lies_from_its_first_to_its_last_frame()
    {
        // The second utterance is padded, the third is empty, the fourth has too few frames for its repeat.
        FrameSpan[]?[] spans = Spans(new CtcTopology(), ["-11-22-2", "211", "----", "33"], [[1, 2, 2], [2, 1], [], [3, 3]]);
        Assert.That(spans[0], Is.EqualTo(new FrameSpan[] { new(1, 3), new(4, 6), new(7, 8) }));
        Assert.That(spans[1], Is.EqualTo(new FrameSpan[] { new(0, 1), new(1, 3) }));
        Assert.That(spans[2], Is.Empty);
        Assert.That(spans[3], Is.Null);
    }

    [Test]
    public void Equal_neighbours_are_told_apart_by_their_states()
    {
        // In the selfless topology each frame of a token is a token of its own.
        FrameSpan[]?[] spans = Spans(new SelflessTopology(), ["-11-"], [[1, 1]]);
        Assert.That(spans[0], Is.EqualTo(new FrameSpan[] { new(1, 2), new(2, 3) }));
    }

    [Test]
    [Category("Slow")]
    public void A_graph_that_spells_the_target_otherwise_says_nothing()
    {
        // Two states that both read 1, one after the other.
        var graph = new Graph([1, 1], [new GraphArc(0, 1, 0)], [new ScoredState(0, 0)], [new ScoredState(1, 0)]);
        Assert.That(Spans(new GraphTopology(), ["11"], [[1]], [graph])[0], Is.Null);
    }

    [Test]
    public void A_pause_that_is_left_out_has_no_frame()
    {
        // Symbol 3 is the pause; the blank, 0, is a token as any other. Texts: pause 1 pause 2, and 1 2 with a pause of its own at the end.
        FrameSpan[]?[] spans = Spans(
            new NoBlankTopology(new NoBlankOptions { Silence = "3" }), ["1133322", "1223"], [[3, 1, 3, 2], [1, 3, 2]], symbols: ["1", "2", "3"]);
        Assert.That(spans[0], Is.EqualTo(new FrameSpan[] { new(0, 0), new(0, 2), new(2, 5), new(5, 7) }));
        Assert.That(spans[1], Is.EqualTo(new FrameSpan[] { new(0, 1), new(1, 1), new(1, 3) }));
    }

    [Test]
    public void No_frames_have_no_tokens() => Assert.That(Spans(new CtcTopology(), [""], [[]])[0], Is.Empty);

    /// <param name="topology">The rule of paths.</param>
    /// <param name="frames">For each utterance the token that is by far the likeliest in each frame; - is the blank.</param>
    /// <param name="targets">Tokens.</param>
    /// <param name="graphs">For the topology graph.</param>
    /// <param name="symbols">Those of the tokens from 1 on; by default there are none.</param>
    private static FrameSpan[]?[] Spans(
        ITopology topology, string[] frames, long[][] targets, Graph?[]? graphs = null, IReadOnlyList<string>? symbols = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int longest = frames.Max(frame => frame.Length);
        Tensor logits = torch.zeros([longest, frames.Length, 4]);
        for (int b = 0; b < frames.Length; b++)
        {
            for (int t = 0; t < frames[b].Length; t++) logits[t, b, frames[b][t] == '-' ? 0 : frames[b][t] - '0'] = 20;
        }

        using var objective = new Objective(new ObjectiveParts { Topology = topology });
        Vocabulary vocabulary = symbols is null ? new Vocabulary(4) : new Vocabulary(new Alphabet(symbols));
        var batch = new Batch(targets, [.. frames.Select(frame => (long)frame.Length)], vocabulary, default, names: null, graphs);
        return TokenSpans.FromViterbi(objective.Inspect(logits, batch));
    }
}

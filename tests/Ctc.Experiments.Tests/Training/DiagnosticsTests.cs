using Ctc.Engine.Objectives;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Training;

[NoTensorLeaks]
public class DiagnosticsTests
{
    [Test]
    public void A_uniform_model_has_the_entropies_that_can_be_counted()
    {
        // Three frames and one token of two: 1--, -1-, --1, 11-, -11, 111 are equally likely. One frame: one alignment. The third has none.
        Diagnostics diagnostics = Of(torch.zeros([3, 3, 2]), [[1], [1], [1, 1]], [3, 1, 2]);
        Assert.That(diagnostics.PosteriorEntropy, Is.EqualTo(Math.Log(2)).Within(1e-6));
        Assert.That(diagnostics.AlignmentEntropy, Is.EqualTo(Math.Log(6) / 4).Within(1e-6), "over the four frames of the feasible");
        Assert.That(diagnostics.BlankShare, Is.EqualTo(1), "of equals the first is the likeliest");
    }

    [Test]
    public void The_blank_has_the_share_of_the_frames_in_which_it_is_likeliest_and_padding_has_none()
    {
        Tensor logits = torch.tensor([9f, 0, 0, 9, 9, 0, 9, 0, 0, 9, 9, 0], [3, 2, 2]); // blank, 1 | blank, blank | 1, padding
        Assert.That(Of(logits, [[1], [1]], [3, 2]).BlankShare, Is.EqualTo(3.0 / 5));
    }

    [Test]
    public void Batches_add_up_by_their_frames()
    {
        var diagnostics = new Diagnostics();
        Add(diagnostics, torch.zeros([3, 1, 2]), [[1]], [3]);
        Add(diagnostics, torch.zeros([1, 1, 4]), [[1]], [1]);
        Assert.That(diagnostics.PosteriorEntropy, Is.EqualTo(((3 * Math.Log(2)) + Math.Log(4)) / 4).Within(1e-6));
        Assert.That(diagnostics.AlignmentEntropy, Is.EqualTo(Math.Log(6) / 4).Within(1e-6));
    }

    [Test]
    public void A_delay_is_the_mean_of_first_frames_against_true_starts_in_output_frames()
    {
        // Output frames of two input frames each: 2 against 3 / 2, and 6 against 12 / 2; then a second utterance, 1 against 3.
        var diagnostics = new Diagnostics();
        diagnostics.Add([new(2, 3), new(6, 7)], [new(3, 9), new(12, 13)], inputFrames: 2);
        diagnostics.Add([new(1, 2)], [new(3, 4)], inputFrames: 1);
        Assert.That(diagnostics.SymbolDelay, Is.EqualTo((0.5 + 0 - 2) / 3).Within(1e-15));
    }

    [Test]
    public void Without_truth_there_is_no_delay_and_without_an_alignment_no_entropy_of_it()
    {
        Diagnostics diagnostics = Of(torch.zeros([1, 1, 2]), [[1, 1]], [1]);
        Assert.That(diagnostics.SymbolDelay, Is.NaN);
        Assert.That(diagnostics.AlignmentEntropy, Is.NaN);
    }

    private static Diagnostics Of(Tensor logits, long[][] targets, long[] frames)
    {
        var diagnostics = new Diagnostics();
        Add(diagnostics, logits, targets, frames);
        return diagnostics;
    }

    private static void Add(Diagnostics diagnostics, Tensor logits, long[][] targets, long[] frames)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor given = logits;
        using var objective = new Objective(new ObjectiveParts());
        diagnostics.Add(objective.Inspect(given, new Batch(targets, frames, given.shape[2])));
    }
}

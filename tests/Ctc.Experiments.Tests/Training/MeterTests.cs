using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class MeterTests
{
    private static readonly Alphabet Letters = new(["a", "b"]);

    [Test]
    public void Boundary_errors_are_in_milliseconds_where_frames_are_time()
    {
        Measurement measured = Measure(frameMilliseconds: 10);
        using (Assert.EnterMultipleScope())
        {
            // Output frames stand for two of input: "a" from 0 to 4 and "b" from 6 to 8 are found, 1 to 4 and 5 to 8 are true.
            Assert.That(measured.Utterances[0].BoundaryErrors, Is.EqualTo(new double[] { -10, 0, 10, 0 }));
            Assert.That(measured.Utterances[1].BoundaryErrors, Is.Null, "its truth is not known");
            Assert.That(measured.Utterances[2].BoundaryErrors, Is.Null, "it has no alignment");
            Assert.That(measured.BoundaryErrorMs, Is.EqualTo(BoundaryError.FromDifferences([-10, 0, 10, 0])));
            Assert.That(measured.BoundaryErrorFrames, Is.Null);
            Assert.That(measured.Infeasible, Is.EqualTo(new[] { "short" }));
        }
    }

    [Test]
    public void Elsewhere_they_are_in_input_frames() =>
        Assert.That(Measure(frameMilliseconds: null).BoundaryErrorFrames, Is.EqualTo(BoundaryError.FromDifferences([-1, 0, 1, 0])));

    [Test]
    public void In_the_file_the_unit_is_in_the_key_and_what_is_not_known_has_none()
    {
        JsonObject json = JsonSerializer.SerializeToNode(Measure(frameMilliseconds: 10), RunJson.Page)!.AsObject();
        Assert.That(json["boundary_error_ms"]!.ToJsonString(), Is.EqualTo("""{"median":5,"p90":10,"mean_signed":0}"""));
        Assert.That(json.ContainsKey("boundary_error_frames"), Is.False);
        Assert.That(json["utterances"]![0]!["boundary_errors"]!.ToJsonString(), Is.EqualTo("[-10,0,10,0]"));
        Assert.That(json["utterances"]![1]!.AsObject().ContainsKey("boundary_errors"), Is.False);
        Assert.That(json.Deserialize<Measurement>(RunJson.Page)!.BoundaryErrorMs, Is.EqualTo(new BoundaryError(5, 10, 0)));
    }

    [Test]
    public void Diagnostics_hear_of_every_batch()
    {
        var diagnostics = new Diagnostics();
        Measure(10, diagnostics);
        Assert.That(diagnostics.SymbolDelay, Is.EqualTo(((0 - 0.5) + (3 - 2.5)) / 2));
        Assert.That(diagnostics.BlankShare, Is.EqualTo(4.0 / 9));
    }

    [Test]
    public void The_loss_is_a_function_of_the_model_whatever_the_transforms()
    {
        Measurement plain = Measure(frameMilliseconds: null);
        Measurement transformed = Measure(
            frameMilliseconds: null, parts: new ObjectiveParts { Emissions = [new WithoutB()], Lattice = [new Cheaper()] });
        Assert.That(transformed.Utterances.Select(line => line.Loss), Is.EqualTo(plain.Utterances.Select(line => line.Loss)));
        Assert.That((transformed.Loss, transformed.Infeasible), Is.EqualTo((plain.Loss, plain.Infeasible)));

        // "aa-b" for the target ab: 4 frames of p = e^20 / (e^20 + 2) on the best path; the other paths are negligible.
        Assert.That(plain.Utterances[0].Loss, Is.EqualTo(4 * Math.Log(1 + (2 * Math.Exp(-20)))).Within(1e-5));
    }

    [Test]
    public void The_confidence_of_a_line_sums_over_its_alignments_and_that_of_a_token_is_its_largest_posterior()
    {
        // p(a) and p(blank) of three frames; the best path is "aa-", which reads a.
        (double A, double Blank)[] frames = [(0.6, 0.4), (0.9, 0.1), (0.3, 0.7)];
        float[] features = [.. frames.SelectMany(frame => new[] { Math.Log(frame.Blank), Math.Log(frame.A) }).Select(value => (float)value)];
        Utterance[] set = [new("x", features, 3, [1]), new("empty", [0, -9, 0, -9, 0, -9], 3, [1])];
        using var network = new SameFrames();
        using var objective = new Objective(new ObjectiveParts());
        var setup = new Setup(new Dataset(new Alphabet(["a"]), 2, set, set, set), network, objective, torch.CPU);
        Measurement measured = new Meter(setup, default) { MeasuresConfidence = true }.Measure(set);

        double expected = 0; // every path but those of two runs of a, and the empty one
        for (int path = 1; path < 8; path++)
        {
            if (path == 0b101) continue;
            expected += Enumerable.Range(0, 3).Aggregate(1.0, (p, t) => p * ((path >> t & 1) == 1 ? frames[t].A : frames[t].Blank));
        }

        Assert.That(measured.Utterances[0].Hypothesis, Is.EqualTo(new[] { "a" }));
        Assert.That(measured.Utterances[0].Confidence, Is.EqualTo(expected).Within(1e-6));
        Assert.That(measured.Utterances[0].TokenConfidences!.Single(), Is.EqualTo(0.9).Within(1e-6));
        Assert.That(measured.Utterances[1].TokenConfidences, Is.Empty);
        Assert.That(measured.Utterances[1].Confidence, Is.EqualTo(Math.Pow(1 / (1 + Math.Exp(-9)), 3)).Within(1e-6));
        Assert.That(new Meter(setup, default).Measure(set).Utterances[0].Confidence, Is.Null, "it is not measured after each epoch");
    }

    [Test]
    public void Symbols_that_the_model_lacks_count_as_errors_and_have_no_loss()
    {
        Utterance[] set = [new("known", [9, 0, 0, 9], 2, [1]), new("unknown", [9, 0, 0, 9], 2, [1, 2])];
        using var network = new SameFrames();
        using var objective = new Objective(new ObjectiveParts());
        var setup = new Setup(new Dataset(new Alphabet(["a", "é"]), 2, [], [], set), network, objective, torch.CPU)
        {
            Vocabulary = new Vocabulary(new Alphabet(["a"])),
        };
        Measurement measured = new Meter(setup, default).Measure(set);
        Assert.That(measured.Utterances.Select(line => line.HypothesisText), Is.EqualTo(new[] { "a", "a" }));
        Assert.That(measured.Utterances.Select(line => (line.Errors, line.Loss is null)), Is.EqualTo(new[] { (0, false), (1, true) }));
        Assert.That(measured.Utterances[1].TokenEdits, Is.EqualTo(new EditCounts(2, 0, 1, 0)));
    }

    [Test]
    public void Texts_are_in_the_order_of_the_data_source_and_symbols_in_that_of_the_frames()
    {
        Utterance[] set = [new("x", [0, 9, 0, 0, 0, 9], 2, [1, 2])];
        using var network = new SameFrames();
        using var objective = new Objective(new ObjectiveParts());
        var setup = new Setup(new Dataset(Letters, 3, set, set, set), network, objective, torch.CPU)
        {
            ToText = symbols => string.Concat(symbols.Reverse()),
        };
        UtteranceResult line = new Meter(setup, default).Measure(set).Utterances[0];
        Assert.That(line.Hypothesis, Is.EqualTo(new[] { "a", "b" }));
        Assert.That((line.ReferenceText, line.HypothesisText), Is.EqualTo(("ba", "ba")));
        string file = JsonSerializer.Serialize(line, RunJson.Page);
        Assert.That(JsonSerializer.Deserialize<UtteranceResult>(file, RunJson.Page)!.ReferenceText, Is.EqualTo("ba"));
    }

    private static Measurement Measure(double? frameMilliseconds, Diagnostics? diagnostics = null, ObjectiveParts? parts = null)
    {
        Utterance[] set =
        [
            Said("spoken", "aa-b", [1, 2], new(1, 4), new(5, 8)),
            Said("unknown", "b---", [2]),
            Said("short", "a", [1, 2], new(0, 1), new(1, 2)),
        ];
        using var network = new EverySecondFrame();
        using var objective = new Objective(parts ?? new ObjectiveParts());
        var data = new Dataset(Letters, 3, set, set, set) { FrameMilliseconds = frameMilliseconds };
        return new Meter(new Setup(data, network, objective, torch.CPU), default, diagnostics).Measure(set);
    }

    // Each letter is two input frames, of features that are the logits.
    private static Utterance Said(string id, string letters, long[] target, params FrameInterval[] spans)
    {
        IEnumerable<float> features =
            letters.SelectMany(letter => Enumerable.Repeat(letter, 2)).SelectMany(letter => "-ab".Select(token => token == letter ? 20f : 0));
        return new Utterance(id, [.. features], letters.Length * 2, target) { Spans = spans.Length > 0 ? spans : null };
    }

    private sealed class WithoutB : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores + torch.tensor([0, 0, float.NegativeInfinity]);
    }

    private sealed class Cheaper : ILatticeTransform
    {
        public Lattice Transform(Lattice lattice, Batch batch) => lattice.WithInitial(lattice.Initial + 1);
    }

    private sealed class EverySecondFrame() : Encoder("every-second-frame")
    {
        public override long OutputFrames(long frames) => frames / 2;

        public override Tensor forward(Tensor features, Tensor frames)
        {
            using Tensor every = torch.arange(0, features.shape[0], 2);
            return features.index_select(0, every);
        }
    }

    // Features are logits.
    private sealed class SameFrames() : Encoder("same-frames")
    {
        public override Tensor forward(Tensor features, Tensor frames) => features.alias();
    }
}

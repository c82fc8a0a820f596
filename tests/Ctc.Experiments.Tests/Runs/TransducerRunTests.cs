using Ctc.Configuration.Yaml;
using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Engine.Metrics;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>A run of a transducer that is trained once for all tests.</summary>
[Category("Slow")]
public sealed class TransducerRunTests : IDisposable
{
    private const string Transducer = "objective.topology={\"transducer\":{\"joint\":16,\"embedding\":4,\"hidden\":8}} ";

    private readonly TemporaryFolder folder = new();
    private readonly Recorder recorder = new();
    private readonly Lazy<RunResult> run;

    public TransducerRunTests() => run = new(() => SmallExperiment.Run(folder.In("whole"), recorder, Transducer));

    public void Dispose()
    {
        recorder.Dispose();
        folder.Dispose();
    }

    [Test]
    public void Its_result_has_losses_boundaries_and_pictures()
    {
        Measurement test = run.Value.Test;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(test.Utterances.Select(utterance => utterance.Loss), Is.All.Positive);
            Assert.That(test.BoundaryErrorFrames ?? test.BoundaryErrorMs, Is.Not.Null);
            Assert.That(recorder.Epochs[^1].TrainLoss, Is.LessThan(0.9 * recorder.Epochs[0].TrainLoss));
            Assert.That(recorder.Epochs[^1].AlignmentEntropy, Is.Positive);
            Assert.That(recorder.Epochs[^1].SymbolDelay, Is.Not.NaN);
            Assert.That(recorder.Epochs[^1].BlankShare, Is.NaN, "a frame has no posterior alone");
            Assert.That(File.Exists(folder.In("whole", "alignment.png")), Is.True, string.Join('\n', recorder.Notes));
        }
    }

    [Test]
    public void Its_model_aligns_and_refuses_posteriors_and_the_decoder_of_frames()
    {
        _ = run.Value;
        using TrainedModel model = TrainedModel.Load(folder.In("whole"), SmallExperiment.Parts([]), Assert.Fail);
        IReadOnlyList<Utterance> test = model.LoadSet("test");
        AlignedUtterance[] aligned = [.. model.Align(test)];
        foreach ((AlignedUtterance own, Utterance utterance) in aligned.Zip(test))
        {
            Assert.That(own.Tokens!.Select(token => token.Symbol), Is.EqualTo(utterance.Target.Select(token => model.Vocabulary.Symbol(token))));
            Assert.That(own.Tokens!.Select(token => token.Start), Is.Ordered);
            Assert.That(own.Tokens!.Select(token => token.End - token.Start), Is.All.EqualTo(1));
            Assert.That(own.Score, Is.Negative);
        }

        Assert.That(
            () => model.ReadLogProbs(test), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("The topology of the run is a transducer"));
    }

    [Test]
    public void Its_model_is_read_by_other_decoders_of_transducers_alone()
    {
        _ = run.Value;
        TrainedModel Load(string decoding) => TrainedModel.Load(
            folder.In("whole"),
            SmallExperiment.Parts([]),
            Assert.Fail,
            decoding: DecodingChoice.Parse(decoding, "decoding.yaml", folder.In(), SmallExperiment.Parts([])));
        using TrainedModel greedy = Load("decoder: best-path"), beam = Load("decoder: { transducer-beam: { width: 5, hypotheses: 3 } }");
        string line = Directory.EnumerateFiles(folder.In("whole"), "*.png", SearchOption.AllDirectories)
            .First(file => Path.GetDirectoryName(file) != folder.In("whole"));
        DecodedInput read = beam.Read(line);
        Assert.That(read.Hypotheses, Has.Count.EqualTo(3));
        Assert.That(read.Hypotheses[0].Score, Is.GreaterThanOrEqualTo(greedy.Read(line).Hypotheses[0].Score), "a sum over alignments");
        Assert.That(
            () => Load("decoder: prefix-beam"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("decoding.yaml:1:10: 'prefix-beam' reads a score of each token"));
        Assert.That(
            () => new DecodingTuning(greedy, greedy.LoadSet("dev")),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The decoder is best-path, which has no weight of a language model; expected transducer-beam."));
    }

    [Test]
    public void Its_tokens_have_the_frames_in_which_they_are_emitted()
    {
        _ = run.Value;
        const string decoding = "decoder: { transducer-beam: { width: 4, insertion-bonus: 5 } }"; // so that it reads something after a few steps
        DecodingChoice choice = DecodingChoice.Parse(decoding, "decoding.yaml", folder.In(), SmallExperiment.Parts([]));
        using TrainedModel model = TrainedModel.Load(folder.In("whole"), SmallExperiment.Parts([]), Assert.Fail, decoding: choice);
        DecodedInput[] read = [.. model.Read(model.LoadSet("dev"))];
        Assert.That(read.Sum(one => one.Hypotheses[0].Tokens.Length), Is.Positive);
        foreach (DecodedInput one in read)
        {
            IReadOnlyList<TimedUnit> tokens = one.FindTokens(one.Hypotheses[0])!;
            Assert.That(string.Concat(tokens.Select(token => token.Text)), Is.EqualTo(one.Text));
            Assert.That(tokens.Select(token => token.Frames.Start), Is.Ordered.And.All.InRange(0, one.Frames - 1));
            Assert.That(tokens.Select(token => token.Frames.End - token.Frames.Start), Is.All.EqualTo(1));
            TimedUnit? word = one.FindWords(one.Hypotheses[0])!.SingleOrDefault(); // digits without spaces
            Assert.That((word?.Text ?? "", word?.Frames.End), Is.EqualTo((one.Text, tokens is [.., var last] ? last.Frames.End : (int?)null)));
        }
    }

    [Test]
    public void Weight_and_bonus_of_its_beam_are_found_on_a_set()
    {
        _ = run.Value;
        var estimate = new KneserNey(2);
        foreach (string digits in (string[])["12", "31", "424", "07", "985", "63"]) estimate.Add([.. digits.Select(digit => $"{digit}")]);
        using (FileStream arpa = File.Create(folder.In("lm.arpa"))) ArpaFile.Write(estimate.Build(), arpa);
        const string decoding = "decoder: { transducer-beam: { width: 4 } }\nlanguage-model: { arpa: { file: lm.arpa, unit: token } }";
        DecodingChoice choice = DecodingChoice.Parse(decoding, "decoding.yaml", folder.In(), SmallExperiment.Parts([]));
        using TrainedModel model = TrainedModel.Load(folder.In("whole"), SmallExperiment.Parts([]), Assert.Fail, decoding: choice);
        IReadOnlyList<Utterance> dev = model.LoadSet("dev");
        var tuning = new DecodingTuning(model, dev);
        Assert.That((tuning.Unit, tuning.Count), Is.EqualTo(("token", dev.Count)));

        // The same as decoding with these values.
        DecodingChoice found = DecodingChoice.Parse(tuning.ToYaml(0.25, 1.5), "found.yaml", folder.In(), SmallExperiment.Parts([]));
        using TrainedModel tuned = TrainedModel.Load(folder.In("whole"), SmallExperiment.Parts([]), Assert.Fail, decoding: found);
        MetricRatio[] ratios =
        [
            .. tuned.Read(dev).Zip(dev, (read, one) => new TokenErrorRate().Measure(
                new DecodedUtterance(one.Target, read.Hypotheses[0].Tokens, tuned.Vocabulary.Alphabet!))),
        ];
        double expected = ratios.Sum(ratio => ratio.Amount) / ratios.Sum(ratio => ratio.Total);
        Assert.That(tuning.Measure(0.25, 1.5), Is.EqualTo(expected));
        Assert.That(tuning.Measure(0, 0), Is.Not.EqualTo(expected), "the bonus makes hypotheses longer");
    }

    [Test]
    public void The_monotonic_form_trains_and_aligns_each_token_with_a_frame_of_its_own()
    {
        using var own = new Recorder();
        const string monotonic = "objective.topology={\"transducer\":{\"joint\":16,\"embedding\":4,\"hidden\":8,\"monotonic\":true}} train.epochs=1";
        Measurement test = SmallExperiment.Run(folder.In("monotonic"), own, monotonic).Test;
        Assert.That(test.Utterances.Select(utterance => utterance.Loss), Is.All.Positive);
        using TrainedModel model = TrainedModel.Load(folder.In("monotonic"), SmallExperiment.Parts([]), Assert.Fail);
        foreach (AlignedUtterance aligned in model.Align(model.LoadSet("test"))) Assert.That(aligned.Tokens!.Select(token => token.Start), Is.Unique);
    }

    [TestCase("objective.decoder=prefix-beam", "'prefix-beam' reads a score of each token in each frame, and the scores of a transducer")]
    [TestCase("objective.emissions=[drifting]", "'drifting' changes the scores of tokens in frames, and the scores of a transducer")]
    [TestCase("objective.auxiliary=[comparing] train.views=2", "'comparing' reads the log-probabilities of each frame, and the scores")]
    [TestCase("objective.heads=[middle]", "there is a head on the stream 'middle' beside or of a transducer")]
    public void Pairs_that_make_no_sense_are_refused_when_the_experiment_is_read(string overrides, string start) => Assert.That(
        () => SmallExperiment.Bind(Transducer + overrides), Throws.TypeOf<ConfigurationException>().With.Message.Contains(start));

    [Test]
    public void Parts_that_read_the_loss_or_the_entropy_of_the_alignment_train_with_it() =>
        Assert.That(() => SmallExperiment.Bind(Transducer + "objective.weight=2 objective.weighting=[late]"), Throws.Nothing);

    [Test]
    public void A_part_that_reads_places_is_refused_without_a_transducer() => Assert.That(
        () => SmallExperiment.Bind("objective.weighting=[late]"),
        Throws.TypeOf<ConfigurationException>().With.Message.Contains("'late' reads the places (t, u) of a transducer, and the topology is none"));
}

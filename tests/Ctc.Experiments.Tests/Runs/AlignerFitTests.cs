using Ctc.Configuration.Schema;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Transforms;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>The experiment that fits an aligner to what it aligns.</summary>
public class AlignerFitTests
{
    [TestCase("all", new[] { 24, 24, 6, 8 })]
    [TestCase("test", new[] { 24, 8 })]
    public void The_three_sets_are_the_one_that_is_aligned(string set, int[] sizes)
    {
        Experiment experiment = SmallExperiment.Bind($"train.fit-to={set}");
        Dataset data = ExperimentData.Load(experiment);
        Assert.That(data.Train, Has.Count.EqualTo(sizes[1..].Sum()));
        Assert.That((data.Dev, data.Test), Is.EqualTo((data.Train, data.Train)));
        Assert.That(data.Test.Select(line => line.Id), Is.Unique);
    }

    [TestCase("{ source: flite, sentences: x, bands: 40, voices: [awb] }", TextUnit.Word, "from-all-sets")]
    [TestCase("{ source: recordings, train: a, dev: b, root: c, bands: 40, unit: word }", TextUnit.Word, "from-all-sets")]
    [TestCase("{ bands: 40 }", TextUnit.Character, "from-all-sets")]
    public void A_manifest_takes_the_place_of_the_data_and_keeps_how_they_are_read(string data, TextUnit unit, string symbols)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("x.jsonl"), "{}");
        ExperimentFile file = AlignerFit.OnManifest(
            ExperimentFile.Parse($"{{ name: x, data: {data}, model: {{ encoder: conv }} }}", "x.yaml", folder.Path), folder.In("x.jsonl"),
            SmallExperiment.Parts([]));
        var options = (RecordingsOptions)file.Bind(SmallExperiment.Parts([])).Data.Options;
        Assert.That((options.Train, options.Dev, options.Root, options.Bands), Is.EqualTo((folder.In("x.jsonl"), (string?)null, (string?)null, 40)));
        Assert.That((options.Unit, options.Symbols, options.Invalid), Is.EqualTo((unit, symbols, InvalidLines.Drop)));
    }

    [Test]
    public void Of_images_it_is_one_of_images()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("x.txt"), "x");
        ExperimentFile file = AlignerFit.OnManifest(
            ExperimentFile.Parse(SmallExperiment.Text, "x.yaml", folder.Path), folder.In("x.txt"), SmallExperiment.Parts([]));
        Assert.That(file.Bind(SmallExperiment.Parts([])).Data.Options, Is.InstanceOf<ManifestOptions>());
    }

    [TestCase("", 11, 3)] // 38 utterances are 10 steps of 4, and 32 passes
    [TestCase("train.passes=8", 10, 8)]
    [TestCase("train.batch-size=1", 10, 1)]
    [TestCase("train.epochs=7", 7, 1)]
    public void Ten_or_more_epochs_make_320_steps_unless_they_are_given(string change, int epochs, int passes)
    {
        string text = SmallExperiment.Text.Replace("epochs: 3, ", "", StringComparison.Ordinal);
        ExperimentFile file = AlignerFit.To(ExperimentFile.Parse(text, "x.yaml", Path.GetTempPath()), "all")
            .With(change.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        (Experiment experiment, Dataset? data) = AlignerFit.Bind(file, SmallExperiment.Parts([]));
        Assert.That((experiment.Train.Epochs, experiment.Train.Passes), Is.EqualTo((epochs, passes)));
        Assert.That(data?.Train.Count, Is.EqualTo(change.StartsWith("train.epochs", StringComparison.Ordinal) ? null : 38), "loaded to count steps");
    }
}

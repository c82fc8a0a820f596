using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Experiments.Tests.Data.Manifest;
using Ctc.Experiments.Training;
using TemporaryFolder = Ctc.Tests.TemporaryFolder;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Runs on images of one's own.</summary>
[Category("Slow")]
public class ManifestRunTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Images_that_were_written_train_as_the_lines_they_show()
    {
        Experiment drawn = SmallExperiment.Bind("train.epochs=1");
        WrittenLines.Of(folder.In("plain"), Lines(drawn), json: false);
        (Measurement expected, _) = Run(drawn, "drawn");
        (Measurement read, string run) = Run(Bind("plain"), "read");

        Assert.That(read.Loss, Is.EqualTo(expected.Loss).And.GreaterThan(0));
        Assert.That(read.Utterances.Select(line => line.Hypothesis), Is.EqualTo(expected.Utterances.Select(line => line.Hypothesis)));

        using TrainedModel model = TrainedModel.Load(run, SmallExperiment.Parts([]), Assert.Fail);
        Assert.That(model.Decode(Path.Combine(run, "samples", "test-0.png")), Is.EqualTo(string.Concat(read.Utterances[0].Hypothesis)));

        // The test set measured again, by its name and by its manifest.
        JsonNode expectedLines = JsonSerializer.SerializeToNode(read.Utterances, RunJson.Line)!;
        foreach (Measurement again in new[]
        {
            ModelMeasurement.MeasureSet(model, "test"),
            ModelMeasurement.MeasureManifest(model, folder.In("plain", "test", "list"), Assert.Fail),
        })
        {
            Assert.That(JsonSerializer.SerializeToNode(again.Utterances, RunJson.Line)!.ToJsonString(), Is.EqualTo(expectedLines.ToJsonString()));
            Assert.That((again.Identity, again.Loss, again.CharacterErrors), Is.EqualTo((read.Identity, read.Loss, read.CharacterErrors)));
        }

        string list = folder.In("plain", "test", "list"), other = folder.In("plain", "test", "other");
        File.WriteAllLines(other, File.ReadAllLines(list).Take(3).Select((line, i) => i == 1 ? line + "ä" : line));
        Measurement unknown = ModelMeasurement.MeasureManifest(model, other, Assert.Fail);
        Assert.That(unknown.UnknownSymbols, Is.EqualTo(new Dictionary<string, int> { ["ä"] = 1 }));
        Assert.That(unknown.Utterances.Select(line => line.Loss is null), Is.EqualTo(new[] { false, true, false }));
        Assert.That(unknown.Utterances[1].Errors, Is.InRange(read.Utterances[1].Errors, read.Utterances[1].Errors + 1));
    }

    [Test]
    public void Graphs_beside_the_text_are_what_frames_are_aligned_with()
    {
        Dataset lines = Lines(SmallExperiment.Bind());
        WrittenLines.Of(folder.In("ctc"), lines, json: true, line => WrittenLines.Json(Graph.FromTarget(line.Target, 0), lines.Alphabet));
        WrittenLines.Of(folder.In("any"), lines, json: true, line => WrittenLines.Json(EitherWay(line), lines.Alphabet));
        double plain = Run(Bind("ctc"), "plain-ctc").Test.Loss;
        double same = Run(Bind("ctc", "objective.topology=graph"), "graph-ctc").Test.Loss;
        Measurement either = Run(Bind("any", "objective.topology=graph"), "graph-any").Test;

        Assert.That(same, Is.EqualTo(plain).Within(1e-3));
        Assert.That(either.Loss, Is.Not.EqualTo(plain).Within(1e-3).And.Not.NaN);
        Assert.That(
            either.Utterances.Select(line => string.Concat(line.Reference)),
            Is.EqualTo(lines.Test.Select(line => lines.Alphabet.Format(line.Target))),
            "errors count against the text");
    }

    [Test]
    public void Groups_that_are_added_retrain_nothing_and_are_in_the_result()
    {
        WrittenLines.Of(folder.In("groups"), Lines(SmallExperiment.Bind()), json: true);
        Experiment experiment = Bind("groups");
        string before = RunIdentity.Compute(experiment, "1"), list = folder.In("groups", "test", "list");
        Measurement first = Run(experiment, "grouped").Test;
        File.WriteAllLines(list, File.ReadAllLines(list).Select((line, i) => $"{line[..^1]},\"writer\":\"w{i % 2}\"}}"));
        Assert.That(RunIdentity.Compute(experiment, "1"), Is.EqualTo(before));

        using var recorder = new Recorder();
        RunResult again = new ExperimentRun(experiment, folder.Path).Execute(folder.In("grouped"), false, recorder, default);
        Assert.That((again.AlreadyDone, recorder.Steps), Is.EqualTo((true, 0)));
        Assert.That(again.Test.Utterances.Select(line => line.Group).Take(3), Is.EqualTo(new[] { "w0", "w1", "w0" }));
        Measurement written = RunResult.Load(again.Folder).Test;
        Assert.That(written.Utterances.Select(line => line.Group), Is.EqualTo(again.Test.Utterances.Select(line => line.Group)));
        Assert.That((again.Test.Loss, again.Test.TokenErrorRate), Is.EqualTo((first.Loss, first.TokenErrorRate)));

        File.WriteAllText(list, File.ReadAllText(list).Replace("\"text\":\"", "\"text\":\"1", StringComparison.Ordinal));
        Assert.That(RunIdentity.Compute(experiment, "1"), Is.Not.EqualTo(before), "another text is another run");
    }

    [Test]
    public void A_wrong_line_ends_a_run_before_anything_is_written()
    {
        WrittenLines.Of(folder.In("wrong"), Lines(SmallExperiment.Bind()), json: false);
        Experiment experiment = Bind("wrong");
        File.AppendAllText(folder.In("wrong", "test", "list"), "no tab\n");
        Assert.That(
            () => Run(experiment, "never"),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("wrong", "test", "list")}:9: there are 0 tabs; expected one, between the path of an image and its text."));
        Assert.That(Directory.Exists(folder.In("never")), Is.False);
    }

    private static Graph EitherWay(Utterance line) =>
        Graph.AnyOf((Graph.FromTarget(line.Target, 0), Math.Log(0.5)), (Graph.FromTarget([.. line.Target.Reverse()], 0), Math.Log(0.5)));

    private static Dataset Lines(Experiment experiment) => experiment.Data.Create<IDataSource>().Load();

    private Experiment Bind(string name, string overrides = "")
    {
        string sets = string.Join(",", new[] { "train", "dev", "test" }.Select(set => $"\"{set}\":\"{folder.In(name, set, "list")}\""));
        string data = $"{{\"source\":\"manifest\",{sets},\"height\":10}}";
        return SmallExperiment.Bind($"train.epochs=1 data={data} {overrides}");
    }

    private (Measurement Test, string Folder) Run(Experiment experiment, string name)
    {
        using var recorder = new Recorder();
        RunResult result = new ExperimentRun(experiment, folder.Path).Execute(folder.In(name), false, recorder, default);
        return (result.Test, result.Folder);
    }
}

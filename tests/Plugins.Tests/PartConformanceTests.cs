using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Configuration.Binding;
using Ctc.Experiments;
using Ctc.Experiments.Tests.Data.Audio;
using Ctc.Experiments.Tests.Encoders;
using Ctc.Hosting;
using Ctc.Testing.Conformance;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Plugins.Tests;

/// <summary>Tests of the checks: valid parts pass, and faults are reported on the smallest batch.</summary>
public class PartConformanceTests
{
    private static IReadOnlyList<PartFactory> Parts { get; } =
        new ServiceCollection().AddCtcExperiments().BuildServiceProvider().GetRequiredService<PartCatalog>().All;

    private static IEnumerable<TestCaseData> BuiltIn() => Parts
        .Select(part => new TestCaseData(part, null).SetArgDisplayNames(part.Metadata.Name))
        .Append(new TestCaseData(
            Parts.Single(part => part.Metadata.Name == "transducer"), "{ joint: 8, embedding: 4, hidden: 8, monotonic: true, fast-emit: 0.5 }")
            .SetArgDisplayNames("monotonic transducer").SetCategory("Long").Explicit("seconds")); // what differs is enumerated by the engine's tests

    [TestCaseSource(nameof(BuiltIn))]
    [Category("Slow")]
    public void What_is_built_in_keeps_its_promises(PartFactory part, string? given)
    {
        using var folder = new TemporaryFolder();
        string? options = given ?? part.Metadata.Name switch
        {
            "transducer" => "{ joint: 8, embedding: 4, hidden: 8 }",
            "transducer-beam" => "{ width: 4, insertion-bonus: 0.5 }",
            "digit-lines" => "{ file: digits.csv.gz, train-lines: 8, dev-lines: 4, test-lines: 4 }",
            "drawn-lines" => "{ symbols: etaoin, train-lines: 8, dev-lines: 4, test-lines: 4 }", // the program's font has no Chinese ones
            "typeset-lines" => Typeset(folder),
            "torchscript" => Script(folder),
            "manifest" => Manifest(folder),
            "recordings" => Recordings(folder),
            "flite" => Flite(folder),
            "espeak" => Espeak(folder),
            _ => null,
        };
        CheckResult[] results = [.. PartConformance.Run(part, options: options, baseFolder: AppContext.BaseDirectory)];
        Assert.That(results.Where(result => result.Outcome == Outcome.Failed), Is.Empty);
        Assert.That(results, Has.Length.GreaterThan(6));
        Assert.That(results.First().Outcome, Is.EqualTo(Outcome.Passed), "none is skipped");
    }

    private static string Typeset(TemporaryFolder folder)
    {
        string[] words = ["alpha", "beta", "gamma", "delta", "omega"];
        File.WriteAllLines(folder.In("text"), from first in words from second in words select $"{first} and {second}");
        return $"{{ texts: '{folder.In("text")}', train-lines: 8, dev-lines: 4, test-lines: 4 }}";
    }

    // A model without weights, before the linear layer to the tokens.
    private static string Script(TemporaryFolder folder)
    {
        ScriptArchive.Write(folder.In("model.pt"), "def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n  return torch.tanh(x)");
        return $"{{ file: '{folder.In("model.pt")}', output: features }}";
    }

    // Tones of several heights.
    private static string Recordings(TemporaryFolder folder)
    {
        string[] lines = [.. Enumerable.Range(0, 16).Select(i =>
        {
            string name = $"{i}.wav";
            double[] tone = [.. Enumerable.Range(0, 4000).Select(n => 0.5 * Math.Sin(0.05 * (i + 1) * n))];
            File.WriteAllBytes(folder.In(name), new WrittenWave(Encoding: 1, Bits: 16).Of(tone));
            return JsonSerializer.Serialize(new { audio_filepath = name, text = i % 2 == 0 ? "ab" : "ba" });
        })];
        (string Set, Range Lines)[] sets = [("train", ..8), ("dev", 8..12), ("test", 12..)];
        foreach ((string set, Range own) in sets) File.WriteAllLines(folder.In($"{set}.jsonl"), lines[own]);
        return $"{{ {string.Join(", ", sets.Select(set => $"{set.Set}: '{folder.In($"{set.Set}.jsonl")}'"))} }}";
    }

    private static string Flite(TemporaryFolder folder)
    {
        bool isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(at => File.Exists(Path.Combine(at, "flite")));
        if (!isInstalled) Assert.Ignore("The program flite is not installed.");
        return Spoken(folder);
    }

    private static string Espeak(TemporaryFolder folder)
    {
        if (!NativeLibrary.TryLoad("libespeak-ng.so.1", out nint library)) Assert.Ignore("The library of espeak-ng is not installed.");
        NativeLibrary.Free(library);
        return Spoken(folder);
    }

    private static string Spoken(TemporaryFolder folder)
    {
        string[] words = ["one", "two", "three", "four"];
        File.WriteAllLines(folder.In("sentences"), from first in words from second in words select $"{first} and {second}");
        return $"{{ sentences: '{folder.In("sentences")}', train-sentences: 8, dev-sentences: 4, test-sentences: 4 }}";
    }

    // Images that another source drew.
    private static string Manifest(TemporaryFolder folder)
    {
        PartFactory drawn = Parts.Single(part => part.Metadata.Name == "drawn-lines");
        const string options = "{ symbols: etaoin, train-lines: 8, dev-lines: 4, test-lines: 4 }";
        var source = (IDataSource)drawn.CreatePart(PartOptions.Parse(drawn, options, "options", "."));
        Dataset data = source.Load();
        string Write(string name, IReadOnlyList<Utterance> set)
        {
            File.WriteAllLines(folder.In(name), set.Select(line => JsonSerializer.Serialize(
                new { image = source.Write(line, folder.Path), text = data.Alphabet.Format(line.Target) })));
            return folder.In(name);
        }

        return $"{{ train: '{Write("train.jsonl", data.Train)}', dev: '{Write("dev.jsonl", data.Dev)}', test: '{Write("test.jsonl", data.Test)}' }}";
    }

    [Test]
    [Category("Slow")]
    public void Every_check_has_a_name_and_runs_for_some_part()
    {
        var run = new HashSet<string>();
        foreach (string point in new[] { "ctc", "bilstm", "exact-match", "subset", "linear" })
        {
            PartFactory part = Parts.Single(part => part.Metadata.Name == point);
            run.UnionWith(PartConformance.Run(part).Select(result => result.Check));
        }

        run.UnionWith(PartConformance.Run(Weighting(_ => 1)).Select(result => result.Check));
        run.UnionWith(PartConformance.Run(DiscoveredPart.All.Single(part => part.Metadata.Name == "temperature")).Select(result => result.Check));
        Assert.That(PartConformance.Names.Except(run), Is.EqualTo(new[] { "ids" }), "that is of data sources");
        Assert.That(run, Is.SubsetOf(PartConformance.Names));
    }

    [Test]
    [Category("Slow")]
    public void A_name_that_a_part_of_the_same_plugin_has_too_is_not_free()
    {
        PartFactory one = Weighting(_ => 1), other = Weighting(_ => 1);
        CheckResult Name(PartFactory part) => PartConformance.Run(part, [one, other]).Single(result => result.Check == "name");
        Assert.That(
            Name(one),
            Is.EqualTo(
                new CheckResult("name", Outcome.Failed, "the engine has a loss weighting 'made-up' too; expected an unused name")));
        Assert.That(PartConformance.Run(one, [one]).Single(result => result.Check == "name").Outcome, Is.EqualTo(Outcome.Passed));
    }

    [Test]
    public void XML_documentation_that_is_damaged_is_named_with_its_file()
    {
        using var folder = new TemporaryFolder();
        string dll = folder.In("FocalCtc.dll"), documentation = folder.In("FocalCtc.xml");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "plugins", "FocalCtc", "FocalCtc.dll"), dll);
        File.WriteAllText(documentation, "<doc><members>");
        PartFactory focal = PluginCatalog.Discover([dll]).Plugins.Single().Parts.Single();
        CheckResult documented = PartConformance.Run(focal).First(result => result.Check == "documentation");
        Assert.That(documented.Outcome, Is.EqualTo(Outcome.Failed));
        Assert.That(
            documented.Message,
            Does.Contain($"{documentation}: ").And.EndsWith("; expected the XML documentation that a build writes"));
    }

    // A weight that is wrong if a target of two or more tokens is not the only utterance, feasible or not.
    [Test]
    public void The_batch_that_is_shown_is_the_smallest_that_fails()
    {
        CheckResult alone = Result("alone", batch => batch.Size > 1 && batch.Targets.Any(target => target.Length > 1) ? 2 : 1);
        Assert.That(alone.Outcome, Is.EqualTo(Outcome.Failed));
        Assert.That(alone.Message, Does.Contain("smallest input T=1 B=2 V=3 U=2 "));
    }

    [Test]
    public void The_same_part_gets_the_same_result()
    {
        CheckResult first = Result("alone", batch => batch.Size), second = Result("alone", batch => batch.Size);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void State_that_a_part_changes_is_restored_and_blames_no_other_check()
    {
        (int threads, string folder) = (torch.get_num_threads(), Environment.CurrentDirectory);
        PartFactory changing = Weighting(_ =>
        {
            torch.set_num_threads(threads + 1);
            torch.random.manual_seed(3);
            Environment.CurrentDirectory = Path.GetTempPath();
            return 0.5;
        });
        Assert.That(
            PartConformance.Run(changing).Where(result => result.Outcome == Outcome.Failed).Select(result => result.ToString()),
            Is.EqualTo(new[]
            {
                $"globals: it changes the number of threads from {threads} to {threads + 1}, for all parts and for the command; expected no change",
            }));
        Assert.That((torch.get_num_threads(), Environment.CurrentDirectory), Is.EqualTo((threads, folder)));
    }

    [Test]
    [Category("Slow")]
    public void What_acts_in_training_alone_is_checked_there()
    {
        PartFactory Part(Func<Batch, double> weight) => Weighting(batch => batch.Progress.Training ? weight(batch) : 1);
        CheckResult Of(PartFactory part, string check) => PartConformance.Run(part).Single(result => result.Check == check);
        Assert.That(Of(Part(_ => 0.5), "acts"), Is.EqualTo(new CheckResult("acts", Outcome.Passed, "it acts in training only; it is checked there")));
        Assert.That(Of(Part(batch => batch.Size), "alone").Message, Does.Contain(" in training {"));
        Assert.That(Of(Part(_ => double.NaN), "acts").Outcome, Is.EqualTo(Outcome.Failed));
        Assert.That(Of(Weighting(_ => 1), "acts").Outcome, Is.EqualTo(Outcome.Warned));
    }

    [Test]
    public void What_is_read_in_training_alone_is_read()
    {
        var part = new PartFactory<ILossWeighting>(new PartMetadata(typeof(Watching)), null, _ => new Watching());
        Assert.That(PartConformance.Run(part).Single(result => result.Check == "needs").Outcome, Is.EqualTo(Outcome.Passed));
    }

    [Test]
    public void What_is_read_by_a_term_that_acts_in_training_alone_is_read()
    {
        var part = new PartFactory<IAuxiliaryTerm>(new PartMetadata(typeof(TrainedEntropy)), null, _ => new TrainedEntropy());
        Assert.That(PartConformance.Run(part).Single(result => result.Check == "needs").Outcome, Is.EqualTo(Outcome.Passed));
    }

    [Test]
    [Category("Slow")]
    public void What_reads_places_is_checked_beside_a_transducer()
    {
        var part = new PartFactory<ILossWeighting>(new PartMetadata(typeof(LateWeight)), null, _ => new LateWeight());
        CheckResult[] results = [.. PartConformance.Run(part).TakeWhile(result => result.Check != "padding")];
        Assert.That(results.Where(result => result.Outcome == Outcome.Failed), Is.Empty);
        Assert.That(results.Single(result => result.Check == "acts").Outcome, Is.EqualTo(Outcome.Passed));
    }

    // Such a class exports both, and each export is checked at its own extension point.
    [Test]
    [Category("Slow")]
    public void A_class_at_two_points_is_checked_at_each()
    {
        var weighting = new PartFactory<ILossWeighting>(new PartMetadata { Name = "both", Summary = "Is two things." }, null, _ => new Both());
        var term = new PartFactory<IAuxiliaryTerm>(new PartMetadata { Name = "both", Summary = "Is two things." }, null, _ => new Both());
        Assert.That(PartConformance.Run(weighting).Where(result => result.Outcome == Outcome.Failed), Is.Empty);
        Assert.That(PartConformance.Run(term).Last().Message, Does.StartWith("Evaluate gives shape [7]; expected [1]"));
    }

    private static CheckResult Result(string check, Func<Batch, double> weight) =>
        PartConformance.Run(Weighting(weight)).Single(result => result.Check == check);

    private static PartFactory<ILossWeighting> Weighting(Func<Batch, double> weight) =>
        new(new PartMetadata { Name = "made-up", Summary = "Weighs as a test wants." }, null, _ => new MadeUp(weight));

    private sealed class MadeUp(Func<Batch, double> weight) : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, weight(evaluation.Batch));
    }

    [Part("watching", Summary = "Reads the best path in training alone.", Needs = Needs.ViterbiPath)]
    private sealed class Watching : ILossWeighting, ITrainingObserver
    {
        public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);

        public void Observe(Evaluation evaluation) => _ = evaluation.ViterbiPath;
    }

    [Part("trained-entropy", Summary = "Adds the entropy in training alone.", Needs = Needs.Entropy)]
    private sealed class TrainedEntropy : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) =>
            evaluation.Batch.Progress.Training ? evaluation.Entropy : torch.zeros_like(evaluation.Loss);
    }

    [Part("late-weight", Summary = "Weighs late tokens more.", Needs = Needs.Places, Detached = "the weight")]
    private sealed class LateWeight : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation)
        {
            Tensor emitted = evaluation.Places.Tokens.sum(2); // [B, T]
            return 1 + (emitted * torch.arange(emitted.shape[1], dtype: emitted.dtype)).sum(1);
        }
    }

    private sealed class Both : ILossWeighting, IAuxiliaryTerm
    {
        public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);

        public Tensor Evaluate(Evaluation evaluation) => torch.ones(7, evaluation.Loss.dtype);
    }
}

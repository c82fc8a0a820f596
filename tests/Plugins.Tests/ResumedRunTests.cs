using System.IO.Compression;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Experiments;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Plugins.Tests;

/// <summary>
/// A run of two epochs that is cut off in the second one and goes on has the numbers of an uncut run, to the last bit, with every part that is built
/// in or shipped: the list is that of the catalogue. In each run the weight of a head is a schedule.
/// </summary>
[Category("Slow")]
public class ResumedRunTests
{
    private static readonly string Digits = Path.Combine(AppContext.BaseDirectory, "digits.csv.gz");

    private static readonly PartCatalog Catalog = new ServiceCollection()
        .AddCtcExperiments()
        .AddCtcPlugins(PluginCatalog.Discover([Path.Combine(AppContext.BaseDirectory, "plugins")]))
        .BuildServiceProvider()
        .GetRequiredService<PartCatalog>();

    // Data sources are read once, before training. An encoder from a file has other options, and a test of resumption beside its own. Framewise
    // targets need the true positions, which other transforms before it lose.
    private static ILookup<ExtensionPoint, PartFactory> Parts { get; } = Catalog.All
        .Where(part => part.Point != typeof(IDataSource) && part.Metadata.Name is not ("torchscript" or "framewise") && !NeedsTransducer(part))
        .ToLookup(part => ExtensionPoint.From(part.Point));

    // The transducer and its decoders.
    private static PartFactory[] OfTransducers { get; } = [.. Catalog.All.Where(NeedsTransducer)];

    // Each run has the next part of every point that takes one; those of lists are all in the first run. A transducer has those that fit it.
    private static IEnumerable<TestCaseData> Together()
    {
        IEnumerable<PartFactory> fit = Parts.Where(point => point.Key.IsList).SelectMany(parts => parts)
            .Where(part => !TransducerFit.Points.Contains(part.Point) || TransducerFit.FindFault(part.Point, Create(part)) is null);
        yield return Case("a transducer", [.. OfTransducers, .. fit]);
        IGrouping<ExtensionPoint, PartFactory>[] single = [.. Parts.Where(point => !point.Key.IsList)];
        for (int i = 0; i < single.Max(parts => parts.Count()); i++)
        {
            PartFactory[] chosen = [.. single.Select(parts => parts.ElementAtOrDefault(i)).OfType<PartFactory>()];
            PartFactory[] lists = i == 0 ? [.. Parts.Where(point => point.Key.IsList).SelectMany(parts => parts)] : [];
            yield return Case(i == 0 ? "all lists" : string.Join(", ", chosen.Select(part => part.Metadata.Name)), [.. chosen, .. lists]);
        }
    }

    private static IEnumerable<TestCaseData> Alone() => Parts
        .SelectMany(parts => parts).Select(part => Case($"{ExtensionPoint.From(part.Point).Key}-{part.Metadata.Name}", [part]))
        .Append(Case("a transducer alone", OfTransducers));

    [TestCaseSource(nameof(Together))]
    public void A_run_that_was_cut_off_goes_on_to_the_same_numbers(PartFactory[] parts) => Compare(parts);

    [TestCaseSource(nameof(Alone))]
    [Category("Long"), Explicit("seconds each")]
    public void A_run_with_one_part_that_was_cut_off_goes_on_to_the_same_numbers(PartFactory[] part) => Compare(part);

    private static void Compare(PartFactory[] parts)
    {
        using var folder = new TemporaryFolder();
        Experiment experiment = ExperimentFile.Parse(Text(parts), "resumed.yaml", folder.Path).Bind(Catalog);
        Run(experiment, folder.In("whole"), stopAfter: int.MaxValue);
        Assert.That(() => Run(experiment, folder.In("cut"), stopAfter: 3), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.ReadAllLines(folder.In("cut", "metrics.jsonl")), Has.Length.EqualTo(1), "cut in the second epoch");
        Assert.That(Run(experiment, folder.In("cut"), stopAfter: int.MaxValue), Is.EqualTo(2), "steps of the second epoch");
        Assert.That(Numbers(folder.In("cut")), Is.EqualTo(Numbers(folder.In("whole"))));
        Assert.That(Numbers(folder.In("whole")), Has.Count.GreaterThan(4));
    }

    // Two steps in an epoch.
    private static string Text(PartFactory[] parts)
    {
        string In(string section) => string.Concat(parts
            .GroupBy(part => ExtensionPoint.From(part.Point))
            .Where(part => part.Key.Section == section && part.Key.Selector is null)
            .Select(named => named.Key.IsList
                ? $", {named.Key.Key}: [{string.Join(", ", named.Select(Written))}]"
                : $", {named.Key.Key}: {Written(named.Single())}"));
        bool inViews = parts.Any(part => part.Point == typeof(IAugmentation) || part.Metadata.Needs.HasFlag(Needs.OtherView));
        string encoder = parts.SingleOrDefault(part => part.Point == typeof(IEncoder))?.Metadata.Name ?? "bilstm";
        PartFactory? schedule = parts.SingleOrDefault(part => part.Point == typeof(ISchedule));
        string weight = schedule is null ? "{ linear: { from: 0.5, to: 0.1 } }" : Written(schedule);
        (string stream, string option) = encoder == "tdnn" ? ("narrow", "narrow: true") : ("middle", "middle: 1");
        string weighted = parts.Any(NeedsTransducer) ? $"weight: {weight}" : $"heads: [{{ {stream}: {{ weight: {weight} }} }}]";
        return $$"""
            { name: resumed,
              data: { source: digit-lines, file: '{{Digits}}', train-lines: 8, dev-lines: 4, test-lines: 4, min-digits: 2, max-digits: 3 },
              model: { encoder: {{encoder}}, hidden: 16, layers: 2, {{option}}, dropout: 0.2 },
              objective: { infeasible: zero, {{weighted}}{{In("objective")}} },
              train: { epochs: 2, batch-size: 2, accumulate: 2, views: {{(inViews ? 2 : 1)}}, learning-rate: 1e-3, warm-up: 1 epoch
              {{In("train")}} }{{In("")}} }
            """;
    }

    private static string Written(PartFactory part) => $"{{ {part.Metadata.Name}: {{ {Options(part)} }} }}";

    // Small where the defaults take seconds.
    private static string Options(PartFactory part) => part.Metadata.Name switch
    {
        "transducer" => "joint: 16, embedding: 4, hidden: 8",
        "transducer-beam" => "width: 2, tokens-per-frame: 2",
        _ => part.Metadata.Example,
    };

    private static IPart Create(PartFactory part) => part.CreatePart(PartOptions.Parse(part, $"{{ {part.Metadata.Example} }}", "options", "."));

    private static bool NeedsTransducer(PartFactory part) =>
        (part.Point == typeof(ITopology) || part.Point == typeof(IDecoder)) && TransducerFit.NeedsTransducer(Create(part));

    private static int Run(Experiment experiment, string folder, int stopAfter)
    {
        using var observer = new Observer(stopAfter);
        new ExperimentRun(experiment, Path.GetTempPath()).Execute(folder, fresh: false, observer, observer.Token);
        return observer.Steps;
    }

    // Results, curves and the entries of both checkpoints, without what is a time.
    private static List<string> Numbers(string run)
    {
        List<string> numbers =
        [
            WithoutTimes(JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!),
            .. File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Select(line => WithoutTimes(JsonNode.Parse(line)!)),
        ];
        foreach (string checkpoint in new[] { "best", "last" })
        {
            using ZipArchive archive = ZipFile.OpenRead(Path.Combine(run, "checkpoints", $"{checkpoint}.ckpt"));
            using Stream digests = archive.GetEntry("sha256.json")!.Open();
            JsonObject entries = JsonNode.Parse(digests)!.AsObject();
            entries.Remove("state.json"); // the epochs, which are in metrics.jsonl
            numbers.Add($"{checkpoint} {entries.ToJsonString()}");
        }

        return numbers;
    }

    private static string WithoutTimes(JsonNode numbers)
    {
        foreach (string time in new[] { "seconds", "step_seconds", "loss_share", "peak_memory_mb" }) numbers.AsObject().Remove(time);
        return numbers.ToJsonString();
    }

    private static TestCaseData Case(string name, PartFactory[] parts) => new TestCaseData([parts]).SetArgDisplayNames(name);

    private sealed class Observer(int stopAfter) : IProgressObserver, IDisposable
    {
        private readonly CancellationTokenSource source = new();

        public int Steps { get; private set; }

        public CancellationToken Token => source.Token;

        public void Note(string line)
        {
        }

        public void StepTaken(StepProgress progress)
        {
            if (++Steps >= stopAfter) source.Cancel();
        }

        public void EpochEnded(EpochMetrics epoch, bool isBest)
        {
        }

        public void Dispose() => source.Dispose();
    }
}

using Ctc.Configuration.Schema;
using Ctc.Experiments.Runs;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>An experiment of seconds, with parts of the test beside those that are built in.</summary>
internal static class SmallExperiment
{
    private static string Digits => Path.Combine(TestContext.CurrentContext.TestDirectory, "digits.csv.gz");

    /// <summary>The file of the experiment.</summary>
    public static string Text => $$"""
        name: small
        data: { source: digit-lines, file: '{{Digits}}', train-lines: 24, dev-lines: 6, test-lines: 8, min-digits: 2, max-digits: 3 }
        model: { encoder: bilstm, hidden: 12, filters: 8 }
        train: { epochs: 3, batch-size: 4, learning-rate: 1e-2 }
        """;

    public static RunResult Run(string output, Recorder recorder, string overrides = "", bool fresh = false) =>
        new ExperimentRun(Bind(overrides), Path.GetTempPath()).Execute(output, fresh, recorder, recorder.Token);

    /// <summary>The built-in parts and those of the plugins that an experiment lists.</summary>
    public static PartCatalog Parts(IReadOnlyList<string> plugins) =>
        new ServiceCollection().AddCtcExperiments().AddCtcPlugins(PluginCatalog.Discover(plugins)).BuildServiceProvider()
            .GetRequiredService<PartCatalog>();

    /// <param name="overrides">Separated by blanks: <c>train.epochs=2 seed=3</c>.</param>
    public static Experiment Bind(string overrides = "")
    {
        using ServiceProvider services = new ServiceCollection()
            .AddCtcExperiments()
            .AddCtcPart<IDataSource, CrowdedLines>(_ => new CrowdedLines())
            .AddCtcPart<IEncoder, Spoiling>(_ => new Spoiling())
            .AddCtcPart<IMetric, Growing>(_ => new Growing())
            .AddCtcPart<IDecoder, Constant>(_ => new Constant())
            .AddCtcPart<IDecoder, Blank>(_ => new Blank())
            .AddCtcPart<IEmissionTransform, Drifting>(_ => new Drifting())
            .AddCtcPart<IEmissionTransform, Greedy>(_ => new Greedy())
            .AddCtcPart<IEmissionTransform, Scheduled>(options => new Scheduled((ScheduledOptions)options))
            .AddCtcPart<IAuxiliaryTerm, Comparing>(_ => new Comparing())
            .AddCtcPart<ILossWeighting, Late>(_ => new Late())
            .AddCtcPart<ITopology, Crowned>(_ => new Crowned())
            .BuildServiceProvider();
        return ExperimentFile.Parse(Text, "small.yaml", Path.GetTempPath())
            .With(overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Bind(services.GetRequiredService<PartCatalog>());
    }

    /// <summary>What the part <c>scheduled</c> was asked for, and the value of its option then.</summary>
    public static List<(Progress Progress, double Value)> Seen { get; } = [];

    /// <summary>CTC with a token for two of the first symbol.</summary>
    [Part("crowned", Summary = "For tests.")]
    private sealed class Crowned : ITopology
    {
        private readonly Engine.Topologies.CtcTopology ctc = new();

        public IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets) => [new("crown", [1, 1])];

        public Lattices Build(Batch batch) => ctc.Build(batch);
    }

    /// <summary>The batches that the part <c>comparing</c> was asked for.</summary>
    public static List<Batch> Batches { get; } = [];

    /// <summary>The distance between the two views of an utterance.</summary>
    [Part("comparing", Summary = "For tests.", Needs = Needs.OtherView)]
    private sealed class Comparing : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation)
        {
            Batches.Add(evaluation.Batch);
            Tensor y = evaluation.LogProbs;
            return evaluation.SumFrames((y - evaluation.OtherView(y)).square().sum(-1));
        }
    }

    /// <summary>Weighs utterances by the frames in which a transducer emits their tokens.</summary>
    [Part("late", Summary = "For tests.", Needs = Needs.Places)]
    private sealed class Late : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation)
        {
            Tensor emitted = evaluation.Places.Tokens.sum(2);
            return (emitted * torch.arange(emitted.shape[1], dtype: emitted.dtype)).sum(1);
        }
    }

    /// <summary>Lines whose digits do not fit their frames.</summary>
    [Part("crowded", Summary = "For tests.")]
    private sealed class CrowdedLines : IDataSource
    {
        public Dataset Load()
        {
            Utterance[] lines =
                [.. Enumerable.Range(0, 30).Select(i => new Utterance($"line-{i}", new float[i % 2 == 0 ? 8 : 2], i % 2 == 0 ? 8 : 2, [1, 1]))];
            return new Dataset(new Alphabet(["a"]), 1, lines, lines, lines);
        }

        public Utterance Read(string file) => throw new InvalidDataException("There is nothing to read.");
    }

    /// <summary>Reads the first token, whatever it is given.</summary>
    [Part("constant", Summary = "For tests.")]
    private sealed class Constant : IDecoder
    {
        public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
            [.. reading.Batch.Targets.Select(target => new[] { new Hypothesis([.. target, 1], 0) })]; // a decoder sees no targets
    }

    /// <summary>Reads the blank, which is no token of targets.</summary>
    [Part("blank", Summary = "For tests.")]
    private sealed class Blank : IDecoder
    {
        public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
            [.. reading.Batch.Frames.Select(_ => new[] { new Hypothesis([0], 0) })];
    }

    /// <summary>Is better in every call, so that the last epoch is the best.</summary>
    [Part("growing", Summary = "For tests.")]
    private sealed class Growing : IMetric
    {
        private static int calls; // of all instances, because a run that goes on has another

        public string Name => "number of calls";

        public string Unit => "calls";

        public bool HigherIsBetter => true;

        public MetricRatio Measure(DecodedUtterance utterance) => new(++calls, 1);
    }

    internal sealed record ScheduledOptions
    {
        public Schedule Scale { get; init; } = 1;
    }

    /// <summary>Multiplies the scores by what its schedule says.</summary>
    [Part("scheduled", typeof(ScheduledOptions), Summary = "For tests.")]
    private sealed class Scheduled(ScheduledOptions options) : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch)
        {
            double scale = options.Scale.At(batch.Progress);
            Seen.Add((batch.Progress, scale));
            return scores * scale;
        }
    }

    /// <summary>Calls backward itself, which frees the graph.</summary>
    [Part("greedy", Summary = "For tests.")]
    private sealed class Greedy : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch)
        {
            if (batch.Progress.Training) scores.sum().backward();
            return scores;
        }
    }

    /// <summary>Builds an encoder that changes a value in place which its gradient needs.</summary>
    [Part("spoiling", Summary = "For tests.")]
    private sealed class Spoiling : IEncoder
    {
        public Encoder Build(int featureSize, long tokens) => new Network(featureSize, tokens);

        private sealed class Network : Encoder
        {
            private readonly TorchSharp.Modules.Linear layer;

            public Network(int featureSize, long tokens)
                : base("spoiling")
            {
                layer = torch.nn.Linear(featureSize, tokens);
                RegisterComponents();
            }

            public override Tensor forward(Tensor features, Tensor frames) => layer.forward(features).exp_().add_(1);
        }
    }

    /// <summary>Sharpens the scores a little more with every epoch it has seen, and learns a shift.</summary>
    [Part("drifting", Summary = "For tests.")]
    private sealed class Drifting : torch.nn.Module, IEmissionTransform, ITrainingObserver
    {
        private readonly TorchSharp.Modules.Parameter shift = torch.nn.Parameter(torch.zeros(1));

        public Drifting()
            : base("drifting") => RegisterComponents();

        public void Begin(TrainingSet training) => register_buffer("seen", torch.zeros(1));

        public void Observe(Evaluation evaluation) => get_buffer("seen")!.add_(evaluation.Loss.mean() * 0.01);

        public void EndEpoch() => get_buffer("seen")!.add_(0.1);

        public Tensor Transform(Tensor scores, Batch batch) => scores * (1 + get_buffer("seen")!) + (shift * scores);
    }
}

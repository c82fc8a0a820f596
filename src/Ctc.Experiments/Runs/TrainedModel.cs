using System.Text.Json.Nodes;
using Ctc.Configuration.Json;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Recordings;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The best model of a run, ready to read new inputs.</summary>
public sealed class TrainedModel : IDisposable
{
    private const int BatchSize = 16;

    private readonly IDataSource source;
    private readonly Encoder network;
    private readonly Objective objective; // of topology and decoder alone
    private readonly TrainingState state;
    private readonly RunRecord record;
    private double? frameMilliseconds; // of sound known at once, and else once a set is loaded
    private readonly Progress progress; // of schedules in emission transforms
    private readonly bool transforms;
    private readonly string? head; // that aligns

    private TrainedModel(
        RunRecord record, Experiment experiment, Encoder network, ObjectiveConfiguration configuration, Objective objective, TrainingState state,
        Progress progress, ReadingParts with)
    {
        (this.progress, transforms) = (progress, with.HasFlag(ReadingParts.EmissionTransforms));
        head = with.HasFlag(ReadingParts.Alignment) ? experiment.Alignment.Head : null;
        Configuration = configuration;
        this.record = record;
        Experiment = experiment;
        source = experiment.Data.Create<IDataSource>();
        frameMilliseconds = (source as ISoundSource)?.FrameMilliseconds;
        this.network = network;
        this.objective = objective;
        this.state = state;
        Outputs = new ModelOutputs(network, state, objective, progress, transforms);
    }

    /// <summary>Gets the identity of the run.</summary>
    public string Identity => record.Identity;

    /// <summary>Gets where the tokens of alignments begin and end by default.</summary>
    public EdgeKind Edges => Experiment.Alignment.Edges;

    /// <summary>Gets the parts that decode, with their options.</summary>
    internal ObjectiveConfiguration Configuration { get; }

    /// <summary>Gets the experiment of the run, as far as it is read.</summary>
    internal Experiment Experiment { get; }

    /// <summary>Gets what decoders read.</summary>
    internal ModelOutputs Outputs { get; }

    /// <summary>Gets the language model that the decoder reads; null if there is none.</summary>
    internal ILanguageModel? LanguageModel => objective.LanguageModel;

    /// <summary>Gets the tokens that the model scores, those that the topology added among them.</summary>
    public Vocabulary Vocabulary => state.Vocabulary;

    /// <summary>Loads the best model of a run, on the CPU. The plugins are those at hand: the paths in the run's record are not read.</summary>
    /// <param name="folder">The folder of a run with at least one finished epoch, perhaps of another machine.</param>
    /// <param name="parts">The available parts. Only the run's data source, encoder, topology and decoder are needed.</param>
    /// <param name="note">Receives warnings: plugins whose files are not those that trained the run.</param>
    /// <param name="anyBuild">Whether the plugins of these parts may differ from those that trained the run.</param>
    /// <param name="decoding">Other parts that decode than those of the run; null, the default, for those of the run.</param>
    /// <param name="with">What of the run is loaded too; by default only what decodes.</param>
    /// <returns>A model.</returns>
    /// <exception cref="RunFolderException">
    /// It is no run's folder, there is no checkpoint yet, or the plugin of the data source, encoder, topology or decoder is another build.
    /// </exception>
    /// <exception cref="ConfigurationException">The data source, encoder, topology or decoder of the run is missing.</exception>
    public static TrainedModel Load(
        string folder, PartCatalog parts, Action<string> note, bool anyBuild = false, DecodingChoice? decoding = null,
        ReadingParts with = ReadingParts.None)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(note);
        using DisposeScope scope = torch.NewDisposeScope();
        RunRecord record = RunFolder.LoadRecord(folder);
        string best = RunFolder.BestCheckpointIn(folder);
        if (!File.Exists(best)) throw new RunFolderException($"{folder} has no checkpoint yet; expected a run with at least one finished epoch.");

        Experiment experiment = Bind(record, folder, parts, with);
        RecordedPlugins.Compare(record, experiment, parts, note, anyBuild);
        Checkpoint checkpoint = Checkpoint.Open(best, record.Identities);
        TrainingState state = checkpoint.State;
        ObjectiveConfiguration configuration = decoding?.ApplyTo(experiment.Objective) ?? experiment.Objective;
        configuration.RefuseMisfits();
        Objective objective = configuration.Create();
        Encoder network = experiment.Model.Create<IEncoder>().Build(state.FeatureSize, objective.FindWidth(state.Vocabulary));
        checkpoint.LoadInto(network);
        network.eval();
        objective.Begin(new TrainingSet([], [], state.Vocabulary));
        checkpoint.LoadInto(objective);
        foreach (Tensor learned in objective.state_dict().Values) learned.DetachFromDisposeScope();
        Progress progress = (with & (ReadingParts.EmissionTransforms | ReadingParts.Alignment)) != 0
            ? state.BestProgress(record.Experiment["train"]?["epochs"]?.GetValue<int>() ?? state.Epoch)
            : default;
        return new TrainedModel(record, experiment, network, configuration, objective, state, progress, with);
    }

    /// <summary>Reads a file by the decoder of the run.</summary>
    /// <param name="file">An input as the run's data source takes it.</param>
    /// <returns>The decoded text.</returns>
    /// <exception cref="InvalidDataException">The file is no such input.</exception>
    public string Decode(string file) => Read(file).Text;

    /// <summary>Reads a file by the decoder of the run.</summary>
    /// <param name="file">An input as the run's data source takes it.</param>
    /// <returns>All hypotheses.</returns>
    /// <exception cref="InvalidDataException">The file is no such input.</exception>
    public DecodedInput Read(string file)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Utterance utterance = source.Read(file);
        if (utterance.Frames == 0) return new DecodedInput(file, 0, [new Hypothesis([], 0) { Path = [] }], Vocabulary, source.ToText);
        PaddedBatch padded = PaddedBatch.FromUtterances([utterance], state.FeatureSize, state.Vocabulary, network, torch.CPU, progress);
        return Input(file, utterance, padded.Batch.Frames[0], Decode(padded)[0]);
    }

    /// <summary>Reads utterances by the decoder of the run, a few at a time.</summary>
    /// <param name="utterances">Utterances of the data source; targets are not read.</param>
    /// <returns>Lazily, all hypotheses of each under its id, in their order.</returns>
    public IEnumerable<DecodedInput> Read(IEnumerable<Utterance> utterances) => utterances.Chunk(BatchSize).SelectMany(ReadBatch);

    private IReadOnlyList<DecodedInput> ReadBatch(Utterance[] utterances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        PaddedBatch padded = PaddedBatch.FromUtterances(utterances, state.FeatureSize, state.Vocabulary, network, torch.CPU, progress);
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = Decode(padded);
        return [.. utterances.Select((utterance, b) => Input(utterance.Id, utterance, padded.Batch.Frames[b], read[b]))];
    }

    private DecodedInput Input(string name, Utterance utterance, long outputs, IReadOnlyList<Hypothesis> read) =>
        new(name, outputs, read, Vocabulary, source.ToText) { FrameMilliseconds = OutputMilliseconds(utterance, outputs) };

    // From one frame of the output to the next.
    private double? OutputMilliseconds(Utterance utterance, long outputs) => frameMilliseconds * utterance.Frames / Math.Max(outputs, 1);

    private IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(PaddedBatch padded) =>
        objective.Decode(padded.ReadBy(network), padded.Batch, transformed: transforms);

    /// <summary>Gets whether the frames of the data have a duration: of sound at once, and of other data once a set has been loaded.</summary>
    public bool HasTimes => frameMilliseconds is not null;

    /// <summary>Loads a set of the run's data.</summary>
    /// <param name="name">train, dev or test.</param>
    /// <returns>The utterances, in the order of the data source.</returns>
    /// <exception cref="InvalidDataException">A file of the data is not there any more, or is not valid.</exception>
    public IReadOnlyList<Utterance> LoadSet(string name)
    {
        Dataset data = source.Load();
        frameMilliseconds = data.FrameMilliseconds;
        return name switch
        {
            "train" => data.Train,
            "dev" => data.Dev,
            "test" => data.Test,
            _ => throw new ArgumentException($"The set is '{name}'; expected train, dev or test.", nameof(name)),
        };
    }

    /// <summary>Reads the inputs that a manifest names.</summary>
    /// <param name="file">
    /// A manifest or a folder, as the data source <c>manifest</c> takes them; for a model of sound, as <c>recordings</c>. Texts are not needed.
    /// </param>
    /// <param name="refuse">Receives a sentence for each line that is left out: it or its input is not valid.</param>
    /// <returns>Lazily, the utterances under the ids of the manifest, without targets.</returns>
    /// <exception cref="InvalidDataException">The manifest cannot be read, or has no lines at all.</exception>
    public IEnumerable<Utterance> LoadManifest(string file, Action<string> refuse)
    {
        var inputs = new ManifestInputs(source);
        var refused = new Refusals(refuse);
        IReadOnlyList<LabelledInput> lines = inputs.Load(file, new SymbolText(UnicodeForm.None), refused, needsTexts: false);
        return lines.SelectMany(line => refused.TryOne(() => inputs.Read(line)));
    }

    /// <summary>Measures the model on utterances over an alphabet; boundaries are those of the whole objective, which is not here.</summary>
    internal Measurement Measure(Alphabet alphabet, IReadOnlyList<Utterance> set)
    {
        var setup = new Setup(new Dataset(alphabet, state.FeatureSize, [], [], set), network, objective, torch.CPU)
        {
            Vocabulary = Vocabulary, Metrics = ChosenMetrics.Create(Experiment.Metrics), ToText = source.ToText,
        };
        var meter = new Meter(setup, progress) { MeasuresConfidence = true, MeasuresBoundaries = false, ReadsTransformed = transforms };
        return meter.Measure(set) with { Identity = Identity };
    }

    /// <summary>Aligns targets with the model's output, a few utterances at a time.</summary>
    /// <param name="utterances">Utterances of the data source, with targets.</param>
    /// <param name="edges">Where tokens begin and end; by default as in the run. Under a transducer always with their frames.</param>
    /// <param name="frameMilliseconds">
    /// The time from one frame of the output to the next; null, the default, for that of the data, if a set has been loaded.
    /// </param>
    /// <returns>
    /// Lazily, the best alignment of each in its order, as boundary errors of the run are measured if what aligns is loaded; else by the model's own
    /// log-probabilities.
    /// </returns>
    public IEnumerable<AlignedUtterance> Align(IEnumerable<Utterance> utterances, EdgeKind? edges = null, double? frameMilliseconds = null) =>
        new ModelAlignment(network, state, objective, Aligning(), progress)
            .Align(utterances, edges ?? Edges, frameMilliseconds, this.frameMilliseconds);

    private AligningObjective? Aligning() => objective.IsTransducer ? null : new AligningObjective(objective, head)
    {
        HasLatticeTransforms = head is null && Configuration.Chosen.At<ILatticeTransform>().Count > 0,
    };

    /// <summary>Reads a file as <see cref="Read(string)"/> does, for a drawing.</summary>
    /// <param name="file">An input as the run's data source takes it.</param>
    /// <param name="hypotheses">The number of hypotheses at most.</param>
    /// <returns>Without target and alignment.</returns>
    /// <exception cref="InvalidDataException">The file is no such input.</exception>
    public AlignmentDrawing Draw(string file, int hypotheses) => Draw(source.Read(file), hypotheses, isAligned: false, []);

    /// <summary>Collects what the model computes for an utterance: posteriors, also of streams, occupancy, best path, words, hypotheses.</summary>
    /// <param name="utterance">An utterance of the data source, with its target.</param>
    /// <param name="hypotheses">The number of hypotheses at most.</param>
    /// <returns>By the model's own log-probabilities: the parts of the objective that shape training are not applied.</returns>
    public AlignmentDrawing Draw(Utterance utterance, int hypotheses) => Draw(utterance, hypotheses, isAligned: true, []);

    /// <summary>The same without hypotheses and with the edges of an alignment.</summary>
    /// <param name="utterance">An utterance of the data source, with its target.</param>
    /// <param name="aligned">Its alignment, from <see cref="Align"/>.</param>
    public AlignmentDrawing Draw(Utterance utterance, AlignedUtterance aligned)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        ArgumentNullException.ThrowIfNull(aligned);
        IEnumerable<FrameInterval> edges = aligned.Tokens?.Select(token => token.Edges) ?? [];
        return Draw(utterance, hypotheses: 0, isAligned: true, RunPictures.Scaled(edges, utterance.Frames, aligned.Frames));
    }

    private AlignmentDrawing Draw(Utterance utterance, int hypotheses, bool isAligned, IReadOnlyList<FrameInterval> edges)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        Alphabet alphabet = Vocabulary.Alphabet!;
        if (utterance.Frames == 0)
        {
            return new AlignmentDrawing(utterance, alphabet, new float[0, Vocabulary.Size], null, null, "")
            {
                Vocabulary = Vocabulary, ToText = source.ToText,
            };
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        PaddedBatch padded = PaddedBatch.FromUtterances([utterance], state.FeatureSize, state.Vocabulary, network, torch.CPU, default);
        return RunPictures.Reading(
            utterance, padded, network, objective, hypotheses, frameMilliseconds, isAligned, Experiment.Data, source.ToText, edges);
    }

    /// <summary>The number of frames in the model's output for an utterance.</summary>
    /// <param name="utterance">An utterance of the data source.</param>
    /// <returns>N; 0 for an utterance without frames.</returns>
    public long OutputFrames(Utterance utterance) => Outputs.Frames(utterance);

    /// <summary>Computes the model's log-probabilities, a few utterances at a time.</summary>
    /// <param name="utterances">Utterances of the data source.</param>
    /// <returns>Lazily, N × V numbers for each utterance in its order, frame by frame.</returns>
    /// <exception cref="InvalidDataException">The topology is a transducer.</exception>
    public IEnumerable<float[]> ReadLogProbs(IEnumerable<Utterance> utterances)
    {
        if (!objective.IsTransducer) return Outputs.Read(utterances);
        throw new InvalidDataException(
            "The topology of the run is a transducer, whose log-probabilities depend on the tokens before; expected one whose log-probabilities " +
            "are of frames.");
    }

    // The recorded paths of plugins are those of the machine that trained.
    private static Experiment Bind(RunRecord record, string folder, PartCatalog parts, ReadingParts with)
    {
        var recorded = (JsonObject)record.Experiment.DeepClone();
        recorded.Remove("plugins");
        var file = ExperimentFile.Parse(recorded.ToJsonString(), Path.Combine(folder, "run.json"), folder);
        return file.BindForReading(parts, with);
    }

    /// <summary>Writes the weights by name, in the format safetensors, with configuration and tokens as metadata: for other programs.</summary>
    /// <param name="path">A path in an existing folder. The same model gives the same bytes.</param>
    public void Export(string path) => WeightFile.Write(path, network, Identity, record.Experiment.ToJsonString(JsonForm.Compact), state);

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        objective.Dispose();
    }
}

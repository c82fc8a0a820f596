using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Experiments.Runs;

/// <summary>The best model of a run, ready to read new inputs.</summary>
public sealed class TrainedModel : IDisposable
{
    private readonly IDataSource source;
    private readonly Encoder network;
    private readonly Alphabet alphabet;
    private readonly int featureSize;

    private TrainedModel(IDataSource source, Encoder network, Alphabet alphabet, int featureSize)
    {
        this.source = source;
        this.network = network;
        this.alphabet = alphabet;
        this.featureSize = featureSize;
    }

    /// <summary>Loads the best model of a run, on the CPU.</summary>
    /// <param name="folder">The folder of a run with at least one finished epoch.</param>
    /// <param name="findParts">Returns the available parts, given the folders of plugins that the experiment lists.</param>
    /// <returns>A model.</returns>
    /// <exception cref="RunFolderException">It is no run's folder, or there is no checkpoint yet.</exception>
    /// <exception cref="ConfigurationException">The data source or the encoder of the run is missing.</exception>
    public static TrainedModel Load(string folder, Func<IReadOnlyList<string>, PartCatalog> findParts)
    {
        ArgumentNullException.ThrowIfNull(findParts);
        using DisposeScope scope = torch.NewDisposeScope();
        ExperimentFile file = ExperimentFile.Parse(RunFolder.LoadRecord(folder).Experiment.ToJsonString(), Path.Combine(folder, "run.json"), folder);
        string best = RunFolder.BestCheckpointIn(folder);
        if (!File.Exists(best)) throw new RunFolderException($"{folder} has no checkpoint yet; expected a run with at least one finished epoch.");

        Experiment experiment = file.BindForReading(findParts(file.Plugins));
        Checkpoint checkpoint = Checkpoint.Open(best);
        TrainingState state = checkpoint.LoadState();
        var alphabet = new Alphabet(state.Symbols);
        Encoder network = experiment.Model.Create<IEncoder>().Build(state.FeatureSize, alphabet.Size);
        checkpoint.LoadInto(network);
        network.eval();
        return new TrainedModel(experiment.Data.Create<IDataSource>(), network, alphabet, state.FeatureSize);
    }

    /// <summary>Reads a file by best path.</summary>
    /// <param name="file">An input as the run's data source takes it.</param>
    /// <returns>The decoded text.</returns>
    /// <exception cref="InvalidDataException">The file is no such input.</exception>
    public string Decode(string file)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Utterance utterance = source.Read(file);
        if (utterance.Frames == 0) return "";
        PaddedBatch padded = PaddedBatch.FromUtterances([utterance], featureSize, alphabet, network, torch.CPU, default);
        return alphabet.Format(BestPath.Decode(network.forward(padded.Features, padded.Frames), padded.Batch.Frames, alphabet.Blank)[0]);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}

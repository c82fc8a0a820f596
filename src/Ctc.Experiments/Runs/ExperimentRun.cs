using System.Diagnostics;
using System.Text.Json;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Files;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Training;
using Ctc.Experiments.Transforms;

namespace Ctc.Experiments.Runs;

/// <summary>One run of an experiment, from its data to its result: new, or resumed after an interruption.</summary>
/// <param name="experiment">The experiment to run.</param>
/// <param name="folder">The folder of the experiment's file.</param>
public sealed class ExperimentRun(Experiment experiment, string folder)
{
    private readonly Experiment experiment = Devices.Resolve(experiment);

    /// <summary>Gets the folder that a relative path of the run's folder starts from.</summary>
    /// <value>The default is the current folder at the creation of this object: a part may change it later.</value>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Gets the epochs from one time to the next at which readings of two lines of the dev set are shown.</summary>
    /// <value>0 for never; by default about five times in a training.</value>
    public int? ExampleEpochs { get; init; }

    /// <summary>Gets the data of the experiment, if they are loaded.</summary>
    /// <value>By default null: they are loaded once they are needed.</value>
    public Dataset? Data { get; init; }

    /// <summary>Trains, measures and draws. Then everything is in the run's folder.</summary>
    /// <param name="output">The run's folder; by default <c>runs/NAME/IDENTITY</c>, in <see cref="WorkingFolder"/>.</param>
    /// <param name="fresh">Whether an existing run is discarded.</param>
    /// <param name="observer">Receives the progress, on this thread.</param>
    /// <param name="cancellation">Ends the run between two steps; started again, it resumes after the last finished epoch.</param>
    /// <param name="patience">How long to wait for another process that holds the folder; by default not at all.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDataException">The data cannot be read.</exception>
    /// <exception cref="InfeasibleException">Training targets do not fit their frames, and the policy is error.</exception>
    /// <exception cref="RunFolderException">The folder cannot be used.</exception>
    /// <exception cref="TrainingException">The device is missing, or the loss is not finite.</exception>
    public RunResult Execute(string? output, bool fresh, IProgressObserver observer, CancellationToken cancellation, TimeSpan patience = default)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Device device = Devices.Choose(experiment.Device);
        torch.set_num_threads(experiment.Train.Threads);
        RunRecord record = RunRecord.Create(experiment, folder, device);
        string path = RunFolder.Resolve(output ?? Path.Combine("runs", experiment.Name, record.Identity[..12]), WorkingFolder);
        var source = experiment.Data.Create<IDataSource>();
        ShorterRun? shorter = null;
        if (!fresh)
        {
            bool isThere = RunFolder.Holds(path, record.Identity);
            shorter = isThere ? null : ShorterRun.Find(experiment, path, lookBeside: output is null);
            record = record with { Continues = isThere ? RunFolder.LoadRecord(path).Continues : shorter?.Identities };
        }

        if (!fresh && RunFolder.FindResult(path, record) is { } done && ReferenceEquals(done.WithGroups(source), done)) return done;

        // Nothing is written before the data is checked.
        Dataset data = Data ?? ExperimentData.Load(experiment, source);
        RefuseUnknownBoundaries(data.Dev);
        torch.random.manual_seed(experiment.Seed);
        using Objective objective = experiment.Objective.Create(logits: experiment.Train.Logits ?? LogitsKind.Auto);
        Vocabulary vocabulary = Extend(new Vocabulary(data.Alphabet), objective.Topology, data.Train);
        torch.random.manual_seed(experiment.Seed); // The weights do not depend on the objective.
        using Encoder network = experiment.Model.Create<IEncoder>().Build(data.FeatureSize, objective.FindWidth(vocabulary));
        RefuseMissingStreams(network);
        RefuseAddedTokens(vocabulary, data.Train);
        record = record with { StartedFrom = TakeWeights(network, data.FeatureSize, objective, vocabulary) };
        network.to(device);
        var setup = new Setup(data, network, objective, device)
        {
            Seed = experiment.Seed,
            Vocabulary = vocabulary,
            Alignment = experiment.Alignment,
            BestBy = experiment.Train.BestBy,
            Metrics = ChosenMetrics.Create(experiment.Metrics),
            ToText = source.ToText,
        };
        string? infeasible = UnalignedTargets.Describe(setup);

        using RunFolder run = RunFolder.Open(path, record, fresh, patience);
        if (run.IsFinished) return RunResult.LoadGrouped(run.Path, record.Identity, source);

        var log = new RunLog(run, observer);
        if (shorter is not null)
        {
            log.Note($"Continues the run of {shorter.Epochs} epochs in {shorter.Folder}, up to {experiment.Train.Epochs}.");
            run.TakeCheckpoints(shorter.Folder);
        }

        log.Note(
            $"{data.Train.Count} training, {data.Dev.Count} dev and {data.Test.Count} test utterances; {vocabulary.Size} tokens; " +
            $"{network.parameters().Sum(parameter => parameter.numel())} parameters; on {record.Device}.");
        if (record.StartedFrom is { } origin && !File.Exists(run.LastCheckpoint)) log.Note(origin.Describe());
        if (infeasible is not null) log.Note(infeasible);
        if (FramesPerToken.FindConcern(FramesPerToken.Measure(setup)) is { } concern) log.Note(concern);
        var trainer = new Trainer(experiment, record.Identities, setup, run.Training, log)
        {
            Examples = ExampleEpochs is { } every ? new ExampleLines(every) : ExampleLines.Spread(experiment.Train.Epochs),
        };
        TrainingState trained = trainer.Run(cancellation);

        long started = Stopwatch.GetTimestamp();
        Measurement test = new Meter(setup, trained.BestProgress(experiment.Train.Epochs)) { MeasuresConfidence = true }.Measure(data.Test);
        double seconds = trained.Epochs.Sum(epoch => epoch.Seconds) + Stopwatch.GetElapsedTime(started).TotalSeconds;
        test = test with { Identity = record.Identity, Seconds = seconds, PeakMemoryMb = PeakMemoryMb() };

        // The result comes first: on a nearly full disk the pictures may be missing, but not the result.
        WholeFile.Write(run.Evaluation, JsonSerializer.Serialize(test, RunJson.Page));
        Draw(run, source, setup, trained, test, log);
        return new RunResult(run.Path, test, AlreadyDone: false);
    }

    private void RefuseUnknownBoundaries(IReadOnlyList<Utterance> dev)
    {
        if (experiment.Train.BestBy != EpochCriterion.BoundaryError || dev.Any(utterance => utterance.Spans is not null)) return;
        throw new InvalidDataException(
            "train.best-by is boundary-error, and the true positions of the dev set's tokens are not known; expected loss or metric.");
    }

    private WeightOrigin? TakeWeights(Encoder network, int featureSize, Objective objective, Vocabulary vocabulary)
    {
        if (experiment.Train.InitFrom is not { } file) return null;
        if (objective.IsTransducer)
        {
            throw new InvalidDataException(
                "train.init-from copies the weights of tokens, and under a transducer the encoder scores none; expected another topology.");
        }

        if (RunFolder.OfBestCheckpoint(file) is { } run) RefuseAsStart(run);
        IEncoder encoder = experiment.Model.Create<IEncoder>();
        return StartingWeights.Open(file)
            .CopyInto(network, featureSize, TokenNames.From(vocabulary), tokens => encoder.Build(featureSize, tokens));
    }

    private void RefuseAsStart(string run)
    {
        if (RunFolder.StateOf(run) != RunState.Done)
        {
            throw new RunFolderException($"{run}, in train.init-from, is not finished, so its best weights may change; expected a finished run.");
        }

        string expected = experiment.Model.Factory.Metadata.Name;
        string? found = (string?)RunFolder.LoadRecord(run).Experiment["model"]?["encoder"];
        if (found != expected) throw new RunFolderException($"{run}, in train.init-from, has the encoder {found}; expected {expected}, as here.");
    }

    private static double PeakMemoryMb()
    {
        using var own = Process.GetCurrentProcess();
        return own.PeakWorkingSet64 / 1e6;
    }

    private static Vocabulary Extend(Vocabulary vocabulary, ITopology topology, IReadOnlyList<Utterance> training) =>
        vocabulary.WithAdded(topology.AddTokens(vocabulary, [.. training.Select(utterance => utterance.Target)]));

    // A stream has the vocabulary of the objective.
    private void RefuseAddedTokens(Vocabulary vocabulary, IReadOnlyList<Utterance> training)
    {
        foreach (HeadConfiguration head in experiment.Objective.Heads)
        {
            PartChoice topology = head.Chosen.At<ITopology>().Single();
            long[][] targets = [.. training.Select(utterance => utterance.Target)];
            if (topology.Create<ITopology>().AddTokens(new Vocabulary(vocabulary.Alphabet!), targets).Count == 0) continue;
            throw new ConfigurationException(
                topology.Location,
                $"the topology '{topology.Factory.Metadata.Name}' of the head {head.Stream} adds tokens; expected one that adds none");
        }
    }

    private void RefuseMissingStreams(Encoder network)
    {
        string[] logits = [.. network.Streams.Where(stream => stream.Width is null).Select(stream => stream.Name)];
        if (experiment.Objective.Heads.FirstOrDefault(head => !logits.Contains(head.Stream)) is not { } head) return;
        string encoder = experiment.Model.Factory.Metadata.Name;
        string expected = logits.Length == 0
            ? "an encoder that has one, such as bilstm, conv or crnn with the option middle"
            : $"one of {string.Join(", ", logits)}";
        throw new ConfigurationException(
            head.Location, $"a head is on the stream '{head.Stream}', and the encoder {encoder} has no such stream of logits; expected {expected}");
    }

    // A run is valid without pictures.
    private void Draw(RunFolder run, IDataSource source, Setup setup, TrainingState trained, Measurement test, RunLog log)
    {
        try
        {
            TrainingCurve.Write(
                run.TrainingCurve,
                [.. trained.Epochs.Select(epoch => (epoch.Epoch, epoch.TrainLoss, epoch.DevLoss, epoch.Criterion.Displayed))],
                trained.Epochs[0].Criterion);
            Progress best = trained.BestProgress(experiment.Train.Epochs);
            AlignmentDrawing Drawn(Utterance utterance) => RunPictures.Alignment(utterance, setup, best, experiment.Data);
            AlignmentPicture.Write(run.AlignmentPicture, Drawn(setup.Data.Test[0]));
            if (setup.Data.FrameMilliseconds is not null) WorstBoundaries.Write(run.Path, setup.Data.Test, test, Drawn);
            Samples.Write(run.Path, source, setup.Data.Test);
            WorstLines.Write(run.Path, source, setup.Data.Test, test);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.Note($"The pictures could not be drawn: {Hosting.RootCause.Describe(failure)}");
        }
    }
}

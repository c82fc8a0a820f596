using System.Diagnostics;
using System.Runtime.InteropServices;
using Ctc.Configuration.Schema;
using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Files;
using Ctc.Hosting;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>Trains a network on a data set, epoch by epoch, from its last checkpoint to the end.</summary>
/// <remarks>
/// All random draws of an epoch (order, dropout) are a function of the seed and the epoch. So a training that was interrupted and resumed from a
/// checkpoint gives the same numbers as one that was not.
/// </remarks>
internal sealed class Trainer(Experiment experiment, IReadOnlyList<string> identities, Setup setup, TrainingFiles files, IProgressObserver observer)
{
    private const string Advice = "A lower train.learning-rate may help, or train.clip-norm.";

    private readonly TrainingConfiguration train = experiment.Train;
    private readonly Dataset data = setup.Data;
    private readonly Encoder network = setup.Network;
    private readonly Objective objective = setup.Objective;
    private readonly EventFile events = new(files.Events);
    private readonly LearningRate rate = new(experiment.Train, EpochOrder.Count(setup.Data.Train.Count, experiment.Train));
    private readonly AugmentationChain augmentations = new(experiment.Train.Chosen.At<IAugmentation>(), experiment.Seed);
    private readonly double framesPerToken = FramesPerToken.Measure(setup);
    private bool areEventsBroken;

    /// <summary>Gets the examples of what the model reads.</summary>
    /// <value>By default none.</value>
    public ExampleLines Examples { get; init; } = new(0);

    /// <summary>Trains the remaining epochs, and loads the best weights into the network.</summary>
    /// <returns>The final state, with all epochs, those before a resumption included.</returns>
    public TrainingState Run(CancellationToken cancellation)
    {
        Batch all = PaddedBatch.Describe(data.Train, setup.Vocabulary, network);
        objective.Begin(
            new TrainingSet(all.Targets, all.Frames, all.Vocabulary),
            objective.HeadsByName.Values.Select(head => head.Stream).Distinct()
                .ToDictionary(stream => stream, stream => (IReadOnlyList<long>)UnalignedTargets.StreamFrames(setup, stream)));
        foreach (torch.nn.Module part in objective.Modules) part.to(setup.Device);
        using var updates = WeightUpdates.Create(train.Optimizer.Create<IOptimizer>(), network, objective, train.LearningRate);
        TrainingState state = Resume(updates)
            ?? new TrainingState(identities[0], 0, [], data.FeatureSize, data.Alphabet.Symbols) { Added = setup.Vocabulary.Added };
        EpochMetrics.Write(files.Metrics, state.Epochs);
        WriteEvents(() => events.Resume(state.Epochs));
        while (state.Epoch < train.Epochs && !IsOutOfPatience(state)) state = Epoch(state, updates, cancellation);
        if (state.Epoch < train.Epochs)
        {
            observer.Note($"Ended after epoch {state.Epoch} of {train.Epochs}: the dev set was best after epoch {state.Best!.Epoch}.");
        }

        Checkpoint best = OpenBest(state);
        best.LoadInto(network);
        best.LoadInto(objective);
        return state;
    }

    private bool IsOutOfPatience(TrainingState state) =>
        train.Patience is { } patience && state.Best is { } best && state.Epoch - best.Epoch >= patience;

    private TrainingState? Resume(WeightUpdates updates)
    {
        if (!File.Exists(files.LastCheckpoint)) return null;
        Checkpoint last = Checkpoint.Open(files.LastCheckpoint, identities);
        TrainingState state = last.State with { Identity = identities[0] };
        OpenBest(state); // before the rest is trained
        last.LoadInto(network);
        last.LoadInto(objective);
        last.LoadInto(updates);
        observer.Note($"Going on after epoch {state.Epoch} of {train.Epochs}.");
        return state;
    }

    // A run that was cut off between its two checkpoints has a best one of the epoch after the last one.
    private Checkpoint OpenBest(TrainingState state)
    {
        Checkpoint best = Checkpoint.Open(files.BestCheckpoint, identities);
        int found = best.State.Epoch, expected = state.Best?.Epoch ?? 0;
        if (found == expected || (found == state.Epoch + 1 && state.Epoch < train.Epochs)) return best;
        throw new RunFolderException(
            $"{files.BestCheckpoint} is of epoch {found}; expected epoch {expected}, the best of the run. --fresh trains again.");
    }

    private TrainingState Epoch(TrainingState state, WeightUpdates updates, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        torch.random.manual_seed(experiment.Seed + (1_000_003L * (state.Epoch + 1)));
        network.train();
        IReadOnlyList<Utterance[]> batches = EpochOrder.Batches(data.Train, train, experiment.Seed, state.Epoch);
        TrainingCourse course = state.CourseAfter(state.Epoch, train.Epochs, batches.Count);
        var heads = new MeanLoss[objective.Heads.Count]; // sums
        double loss = 0, norm = 0, seconds = 0, inObjective = 0, learningRate = 0;
        long counted = 0;
        int infeasible = 0, teaching = 0;
        for (int i = 0; i < batches.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var progress = new Progress(state.Step + i, state.Epoch + ((double)i / batches.Count), Training: true) { Course = course };
            learningRate = rate.At(progress);
            StepResult step = Step(batches[i], progress, updates, learningRate);
            if (step.Counted > 0)
            {
                (loss, counted) = (loss + (step.Loss * step.Counted), counted + step.Counted);
                (norm, teaching) = (norm + step.GradientNorm, teaching + 1);
            }

            for (int head = 0; head < heads.Length; head++) heads[head] = heads[head].With(step.Heads[head]);

            infeasible += step.Infeasible;
            seconds += step.Seconds;
            inObjective += step.InObjective;
            observer.StepTaken(new StepProgress(state.Epoch + 1, train.Epochs, i + 1, batches.Count, step.Loss));
        }

        objective.EndEpoch();
        (int epoch, long done) = (state.Epoch + 1, state.Step + batches.Count);
        var diagnostics = new Diagnostics();
        var measured = new Progress(done, epoch, Training: false) { Course = course };
        Measurement dev = new Meter(setup, measured, diagnostics).Measure(data.Dev);
        if (!double.IsFinite(dev.Loss) && dev.Infeasible.Count < data.Dev.Count)
        {
            throw new TrainingException($"The loss of the dev set after epoch {epoch} is {dev.Loss}; expected a finite number. {Advice}");
        }

        double whole = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var metrics = new EpochMetrics(epoch, loss / counted, dev.Loss, dev.TokenErrorRate, norm / teaching, infeasible, whole)
        {
            DevMetrics = dev.Metrics,
            HeadLosses = heads.Length == 0 ? null : new(objective.Heads.Zip(heads, (name, sum) => KeyValuePair.Create(name, sum.Loss / sum.Counted))),
            LearningRate = learningRate,
            BlankShare = diagnostics.BlankShare,
            PosteriorEntropy = diagnostics.PosteriorEntropy,
            AlignmentEntropy = diagnostics.AlignmentEntropy,
            SymbolDelay = diagnostics.SymbolDelay,
            LossShare = inObjective / seconds,
            StepSeconds = seconds / batches.Count,
            FramesPerToken = framesPerToken,
        };
        TrainingState saved = Save(state with { Epochs = [.. state.Epochs, metrics], Step = done }, updates);
        if (Examples.Choose(epoch, dev.Utterances) is { Length: > 0 } examples) observer.ExamplesRead(examples);
        return saved;
    }

    // The batches of a step, one after the other: their gradients add up.
    private StepResult Step(Utterance[] utterances, Progress progress, WeightUpdates updates, double learningRate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long started = Now();
        updates.Clear();
        BatchResult[] batches = [.. utterances.Chunk(train.BatchSize).Select(batch => Accumulate(batch, progress, isOne: train.Accumulate == 1))];
        long counted = batches.Sum(batch => batch.Counted);
        bool isMean = train.Accumulate > 1 && experiment.Objective.Reduction != Reduction.Sum;
        if (isMean) Divide(updates.Parameters, counted);
        double norm = torch.nn.utils.clip_grad_norm_(updates.Parameters, train.ClipNorm > 0 ? train.ClipNorm : double.PositiveInfinity);
        RefuseInfinite("gradient's norm", norm, progress);
        updates.Step(learningRate);
        MeanLoss Mean(Func<BatchResult, MeanLoss> part)
        {
            if (batches.Length == 1) return part(batches[0]);
            MeanLoss sum = batches.Select(part).Aggregate(default(MeanLoss), (all, one) => all.With(one));
            return isMean ? new MeanLoss(sum.Loss / Math.Max(1, sum.Counted), sum.Counted) : sum with { Counted = 1 };
        }

        MeanLoss mean = Mean(batch => new MeanLoss(batch.Loss, batch.Counted));
        return new StepResult(
            mean.Loss,
            mean.Counted,
            [.. objective.Heads.Select((_, head) => Mean(batch => batch.Heads[head]))],
            norm,
            batches.Sum(batch => batch.Infeasible),
            Stopwatch.GetElapsedTime(started, Now()).TotalSeconds,
            batches.Sum(batch => batch.InObjective));
    }

    // Under a mean the gradient of each batch of several counts as often as the batch divides by; the sum is divided in the end.
    private BatchResult Accumulate(Utterance[] utterances, Progress progress, bool isOne)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Utterance> rows = augmentations.Apply(utterances, train.Views, data.FeatureSize, progress);
        PaddedBatch padded = setup.Pad(rows, progress, train.Views);
        EncoderOutput output = setup.Read(padded);

        // Backward in two parts, which changes no bit: to the output, and from there into the network, once from all of it.
        long given = Now();
        var leaves = OutputLeaves.Create(output, TakesChunks(output, padded.Batch));
        ObjectiveResult result = objective.Evaluate(leaves.Output, padded.Batch);
        double loss = result.Loss.ToDouble();
        RefuseInfinite("loss", loss, progress);
        using Scalar counted = (double)result.Counted;
        BackwardThroughObjective(isOne || result.Counted == 1 ? result.Loss : result.Loss * counted);
        double inObjective = Stopwatch.GetElapsedTime(given, Now()).TotalSeconds;
        BackwardThroughEncoder(leaves);
        MeanLoss[] heads = [.. result.Heads.Select(head => new MeanLoss(head.Loss.ToDouble(), head.Counted))];
        return new BatchResult(loss, result.Counted, heads, result.Infeasible.DistinctBy(b => b % utterances.Length).Count(), inObjective);
    }

    private bool TakesChunks(EncoderOutput output, Batch batch)
    {
        try
        {
            return objective.TakesChunks(output, batch);
        }
        catch (NotSupportedException reason)
        {
            throw new TrainingException($"The logits are to be computed in chunks (train.logits). {reason.Message}");
        }
    }

    private static void Divide(IEnumerable<Parameter> parameters, long counted)
    {
        using var withoutGradient = torch.no_grad();
        using Scalar divisor = (double)Math.Max(1, counted);
        foreach (Parameter parameter in parameters) parameter.grad?.div_(divisor);
    }

    // A part that calls backward itself frees the graph that this needs.
    private void BackwardThroughObjective(Tensor loss)
    {
        try
        {
            loss.backward();
        }
        catch (ExternalException failure)
        {
            IEnumerable<string> parts = experiment.Parts
                .Where(part => ExtensionPoint.From(part.Factory.Point).Role is not null)
                .Select(part => $"'{part.Factory.Metadata.Name}'");
            throw new TrainingException(
                $"The gradient of the objective of the parts {string.Join(", ", parts)} failed: {failure.Message.Split('\n')[0]} " +
                "Expected parts that keep the graph of their values and call no backward of their own.");
        }
    }

    // An encoder that changes a tensor in place may have spoilt what its gradient needs.
    private void BackwardThroughEncoder(OutputLeaves leaves)
    {
        try
        {
            leaves.Backward();
        }
        catch (ExternalException failure)
        {
            throw new TrainingException(
                $"The gradient of the encoder '{experiment.Model.Factory.Metadata.Name}' failed: {failure.Message.Split('\n')[0]} " +
                "Expected an encoder that keeps the graph of its values and changes none of them in place.");
        }
    }

    // Work on a GPU is asynchronous: wait for it before reading the clock.
    private long Now()
    {
        if (setup.Device.type == DeviceType.CUDA) torch.cuda.synchronize();
        return Stopwatch.GetTimestamp();
    }

    // The best checkpoint first, the last one last: after a crash at any point, the last checkpoint names only epochs that are on the disk.
    private TrainingState Save(TrainingState state, WeightUpdates updates)
    {
        EpochMetrics epoch = state.Epochs[^1];
        bool isBest = state.Best == epoch;
        if (isBest) Checkpoint.Save(files.BestCheckpoint, network, objective, updates, state);
        EpochMetrics.Write(files.Metrics, state.Epochs);
        WriteEvents(() => events.Append(epoch));
        Checkpoint.Save(files.LastCheckpoint, network, objective, updates, state);
        observer.EpochEnded(epoch, isBest);
        return state;
    }

    // A run is valid without them. After a failure no more are written, because a record may be incomplete; resuming repairs the file.
    private void WriteEvents(Action write)
    {
        if (areEventsBroken) return;
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            areEventsBroken = true;
            observer.Note($"The metrics for TensorBoard could not be written: {failure.Message}");
        }
    }

    private static void RefuseInfinite(string what, double value, Progress progress)
    {
        if (double.IsFinite(value)) return;
        string where = $"step {progress.Step + 1}, in epoch {(int)progress.Epoch + 1}";
        throw new TrainingException($"The {what} of {where}, is {value}; expected a finite number. {Advice}");
    }
}

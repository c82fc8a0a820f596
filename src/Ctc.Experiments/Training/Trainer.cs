using System.Diagnostics;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Configuration;
using Ctc.Experiments.Measuring;
using Ctc.Experiments.Runs;
using TorchSharp.Modules;

namespace Ctc.Experiments.Training;

/// <summary>Trains a network on a data set, epoch by epoch, from its last checkpoint to the end.</summary>
/// <remarks>
/// Whatever is drawn in an epoch (order, dropout) is a function of the seed and the epoch. So a training that was cut off and goes on from a
/// checkpoint comes to the same numbers as one that was not.
/// </remarks>
internal sealed class Trainer(Experiment experiment, Dataset data, Encoder network, Objective objective, torch.Device device, RunFolder folder, IRunObserver observer)
{
    private readonly TrainingConfiguration train = experiment.Train;
    private readonly List<EpochMetrics> epochs = [];

    /// <summary>Under the policy error, refuses a training set with targets that do not fit their frames, before the first step.</summary>
    /// <exception cref="InfeasibleException">Some do not; at most 20 are named.</exception>
    public static void RefuseInfeasible(Dataset data, Encoder network, Objective objective)
    {
        if (objective.Infeasible != InfeasiblePolicy.Error) return;
        Batch all = PaddedBatch.Describe(data.Train, data.Alphabet, network);
        int[] tooShort = [.. Enumerable.Range(0, all.Size).Where(b => all.Frames[b] < objective.Topology.MinimumFrames(all.Targets[b]))];
        if (tooShort.Length > 0) throw InfeasibleException.Of(all, tooShort, objective.Topology);
    }

    /// <summary>Trains what is left to train, and leaves the best weights in the network.</summary>
    /// <returns>All epochs, those before a resumption included.</returns>
    public IReadOnlyList<EpochMetrics> Run(CancellationToken cancellation)
    {
        using OptimizerHelper optimizer = Optimizers.Build(train, network.parameters());
        var state = new TrainingState(0, 0, 0, data.FeatureSize, data.Alphabet.Symbols);
        if (File.Exists(folder.LastCheckpoint))
        {
            Checkpoint.Load(folder.LastCheckpoint, network, optimizer);
            state = Checkpoint.Read(folder.LastCheckpoint);
            epochs.AddRange(EpochMetrics.Read(folder.Metrics, state.Epoch));
            observer.Note($"Going on after epoch {state.Epoch} of {train.Epochs}.");
        }

        while (state.Epoch < train.Epochs) state = Epoch(state, optimizer, cancellation);
        Checkpoint.Load(folder.BestCheckpoint, network);
        return epochs;
    }

    private TrainingState Epoch(TrainingState state, OptimizerHelper optimizer, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        torch.random.manual_seed(experiment.Seed + (1_000_003L * (state.Epoch + 1)));
        network.train();
        IReadOnlyList<Utterance[]> batches = EpochOrder.Batches(data.Train, train.BatchSize, experiment.Seed, state.Epoch);
        double loss = 0, norm = 0;
        int infeasible = 0;
        for (int i = 0; i < batches.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var progress = new Progress(state.Step + i, state.Epoch + ((double)i / batches.Count), Training: true);
            StepResult step = Step(batches[i], progress, optimizer);
            loss += step.Loss;
            norm += step.GradientNorm;
            infeasible += step.Infeasible;
            observer.StepTaken(new StepProgress(state.Epoch + 1, train.Epochs, i + 1, batches.Count, step.Loss));
        }

        Measurement dev = Meter.Measure(data.Dev, data, network, objective, device);
        var metrics = new EpochMetrics(
            state.Epoch + 1, loss / batches.Count, dev.Loss, dev.TokenErrorRate, norm / batches.Count, infeasible, Stopwatch.GetElapsedTime(started).TotalSeconds);
        epochs.Add(metrics);
        return Save(state with { Epoch = metrics.Epoch, Step = state.Step + batches.Count }, metrics, optimizer);
    }

    private StepResult Step(Utterance[] utterances, Progress progress, OptimizerHelper optimizer)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        PaddedBatch padded = PaddedBatch.Of(utterances, data.FeatureSize, data.Alphabet, network, device, progress);
        optimizer.zero_grad();
        ObjectiveResult result = objective.Evaluate(network.forward(padded.Features, padded.Frames), padded.Batch);
        double loss = result.Loss.ToDouble();
        if (!double.IsFinite(loss))
        {
            throw new TrainingException($"The loss of step {progress.Step + 1}, in epoch {(int)progress.Epoch + 1}, is {loss}; expected a finite number. A lower train.learning-rate or train.clip-norm may help.");
        }

        result.Loss.backward();
        double norm = torch.nn.utils.clip_grad_norm_(network.parameters(), train.ClipNorm > 0 ? train.ClipNorm : double.PositiveInfinity);
        optimizer.step();
        return new StepResult(loss, norm, result.Infeasible.Count);
    }

    // Best first, last last: whatever moment a crash chooses, the last checkpoint names an epoch that is wholly on the disk.
    private TrainingState Save(TrainingState state, EpochMetrics metrics, OptimizerHelper optimizer)
    {
        EpochMetrics? best = epochs.Find(epoch => epoch.Epoch == state.Best);
        bool isBest = best is null || (metrics.DevTokenErrorRate, metrics.DevLoss).CompareTo((best.DevTokenErrorRate, best.DevLoss)) < 0;
        if (isBest) state = state with { Best = state.Epoch };
        if (isBest) Checkpoint.Save(folder.BestCheckpoint, network, optimizer, state);
        EpochMetrics.Write(folder.Metrics, epochs);
        Checkpoint.Save(folder.LastCheckpoint, network, optimizer, state);
        observer.EpochEnded(metrics, isBest);
        return state;
    }

    private readonly record struct StepResult(double Loss, double GradientNorm, int Infeasible);
}

/// <summary>A training cannot go on. The message is a sentence for the user.</summary>
/// <param name="message">What was found, what was expected.</param>
public sealed class TrainingException(string message) : Exception(message);

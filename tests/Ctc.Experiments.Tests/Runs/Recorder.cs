using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Remembers what a run says, and can cut it off after some steps.</summary>
internal sealed class Recorder(int stopAfter = int.MaxValue) : IProgressObserver, IDisposable
{
    private readonly CancellationTokenSource source = new();

    public List<string> Notes { get; } = [];

    public List<EpochMetrics> Epochs { get; } = [];

    public int Steps => LiveTensors.Count;

    /// <summary>How many native tensors were alive after each step.</summary>
    public List<long> LiveTensors { get; } = [];

    /// <summary>The memory of the process after each step, in bytes.</summary>
    public List<long> Memory { get; } = [];

    public CancellationToken Token => source.Token;

    public void Note(string line) => Notes.Add(line);

    public void StepTaken(StepProgress progress)
    {
        LiveTensors.Add(torch.Tensor.TotalCount);
        Memory.Add(Environment.WorkingSet);
        if (Steps >= stopAfter) source.Cancel();
    }

    public void EpochEnded(EpochMetrics epoch, bool isBest) => Epochs.Add(epoch);

    /// <summary>The lines that were shown at each time.</summary>
    public List<IReadOnlyList<UtteranceResult>> Examples { get; } = [];

    public void ExamplesRead(IReadOnlyList<UtteranceResult> lines) => Examples.Add(lines);

    public void Dispose() => source.Dispose();
}

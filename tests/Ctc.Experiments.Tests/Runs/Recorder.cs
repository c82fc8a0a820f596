using Ctc.Experiments.Runs;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Remembers what a run says, and can cut it off after some steps.</summary>
internal sealed class Recorder(int stopAfter = int.MaxValue) : IRunObserver, IDisposable
{
    private readonly CancellationTokenSource source = new();

    public List<string> Notes { get; } = [];

    public List<EpochMetrics> Epochs { get; } = [];

    public int Steps { get; private set; }

    public CancellationToken Token => source.Token;

    public void Note(string line) => Notes.Add(line);

    public void StepTaken(StepProgress progress)
    {
        if (++Steps >= stopAfter) source.Cancel();
    }

    public void EpochEnded(EpochMetrics epoch, bool isBest) => Epochs.Add(epoch);

    public void Dispose() => source.Dispose();
}

using System.Globalization;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Writes what happens into <c>log.txt</c>, and passes it on.</summary>
/// <remarks>A run is valid without its log: if the file cannot be written, the first failure is passed on as a message.</remarks>
internal sealed class RunLog(RunFolder folder, IProgressObserver next) : IProgressObserver
{
    private bool isBroken;

    public void Note(string line)
    {
        Append(line);
        next.Note(line);
    }

    public void StepTaken(StepProgress progress) => next.StepTaken(progress);

    public void EpochEnded(EpochMetrics epoch, bool isBest)
    {
        Append(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}: train loss {epoch.TrainLoss:f4}, dev loss {epoch.DevLoss:f4}, " +
            $"dev {epoch.Criterion.Name} {epoch.Criterion.Text}{(isBest ? ", best so far" : "")}" +
            $"{(epoch.FramesConcern is { } concern ? $"; {concern}" : "")}"));
        next.EpochEnded(epoch, isBest);
    }

    public void ExamplesRead(IReadOnlyList<UtteranceResult> lines)
    {
        foreach (UtteranceResult line in lines) Append(line.Describe());
        next.ExamplesRead(lines);
    }

    private void Append(string line)
    {
        try
        {
            string time = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            File.AppendAllText(folder.Log, $"{time}Z {Printable.Line(line)}\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!isBroken) next.Note($"The log could not be written: {failure.Message}");
            isBroken = true;
        }
    }
}

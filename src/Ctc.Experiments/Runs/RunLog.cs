using System.Globalization;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Writes what happens into <c>log.txt</c>, and passes it on.</summary>
internal sealed class RunLog(RunFolder folder, IProgressObserver next) : IProgressObserver
{
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
            $"dev token error rate {epoch.DevTokenErrorRate:p2}{(isBest ? ", best so far" : "")}"));
        next.EpochEnded(epoch, isBest);
    }

    private void Append(string line)
    {
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        File.AppendAllText(folder.Log, $"{time}Z {Printable.Line(line)}\n");
    }
}

using Ctc.Experiments.Pictures;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Pictures of the test utterances with the largest boundary errors, for reports.</summary>
public static class WorstBoundaries
{
    /// <summary>Their folder in that of the run.</summary>
    internal const string FolderName = "worst-boundaries";

    /// <summary>The number of utterances at most.</summary>
    public const int Most = 3;

    /// <summary>Orders utterances by the mean of their absolute boundary errors, the largest first.</summary>
    /// <param name="utterances">Those of a test set, in its order.</param>
    /// <returns>The places and means of those whose truth is known.</returns>
    public static IEnumerable<(int Position, double Mean)> Order(IEnumerable<UtteranceResult> utterances) =>
        from line in utterances.Index()
        where line.Item.BoundaryErrors is { Count: > 0 }
        let mean = line.Item.BoundaryErrors!.Average(Math.Abs)
        orderby mean descending
        select (line.Index, mean);

    /// <summary>Finds the picture of an utterance.</summary>
    /// <param name="run">The folder of a finished run.</param>
    /// <param name="position">The place of the utterance in the test set, from 0.</param>
    /// <returns>A PNG; null if it is not among the worst of the run, or its data have no times.</returns>
    public static string? Find(string run, int position) => NumberedPictures.Find(Path.Combine(run, FolderName), position);

    /// <summary>Writes the pictures, those of an earlier result replaced; none if no truth is known.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <param name="set">The test set.</param>
    /// <param name="test">Its measurement.</param>
    /// <param name="draw">Computes what is drawn of an utterance.</param>
    internal static void Write(string run, IReadOnlyList<Utterance> set, Measurement test, Func<Utterance, AlignmentDrawing> draw)
    {
        string folder = Path.Combine(run, FolderName);
        int[] worst = [.. Order(test.Utterances).Select(line => line.Position)];
        if (worst.Length > 0) NumberedPictures.Begin(folder);
        foreach (int position in worst.Where(position => set[position].Frames <= AlignmentPicture.MostFrames).Take(Most))
        {
            string name = NumberedPictures.Prefix(position) + FileName.From(set[position].Id);
            AlignmentPicture.Write(Path.Combine(folder, $"{name}.png"), draw(set[position]));
        }
    }
}

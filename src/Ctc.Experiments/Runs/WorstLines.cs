using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Images of the test lines that a run read with the most errors, for reports and for <c>ctc show</c>.</summary>
public static class WorstLines
{
    /// <summary>Their folder in that of the run.</summary>
    internal const string FolderName = "worst-lines";

    private const int Most = 10;

    /// <summary>Writes the images, those of an earlier result replaced.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <param name="source">The data source; one that saves no images has none.</param>
    /// <param name="set">The test set.</param>
    /// <param name="test">Its measurement.</param>
    internal static void Write(string run, IDataSource source, IReadOnlyList<Utterance> set, Measurement test)
    {
        string folder = Path.GetFullPath(Path.Combine(run, FolderName));
        NumberedPictures.Begin(folder);
        var worst = test.Utterances.Index()
            .Where(line => line.Item.Errors > 0)
            .OrderByDescending(line => line.Item.Errors)
            .Take(Most);
        foreach (int position in worst.Select(line => line.Index))
        {
            string? file = source.Write(set[position].WithId(NumberedPictures.Prefix(position) + set[position].Id), folder);
            if (file is not null && !NumberedPictures.Written(folder).Contains(file)) File.Delete(file); // no image
        }
    }

    /// <summary>Finds the image of a line.</summary>
    /// <param name="run">The folder of a finished run.</param>
    /// <param name="position">The place of the line in the test set, from 0.</param>
    /// <returns>A PNG; null if it is not among the worst lines of the run, or its source saves no images.</returns>
    public static string? Find(string run, int position) => NumberedPictures.Find(Path.Combine(run, FolderName), position);
}

using System.Globalization;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Images of the test lines that a run read with the most errors, for reports and for <c>ctc show</c>.</summary>
public static class WorstLines
{
    /// <summary>Their folder in that of the run.</summary>
    internal const string FolderName = "worst-lines";

    private const int Most = 10;
    private const string Ending = ".png";

    /// <summary>Writes the images, those of an earlier result replaced.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <param name="source">The data source; one that saves no images has none.</param>
    /// <param name="set">The test set.</param>
    /// <param name="test">Its measurement.</param>
    internal static void Write(string run, IDataSource source, IReadOnlyList<Utterance> set, Measurement test)
    {
        string folder = Directory.CreateDirectory(Path.Combine(run, FolderName)).FullName;
        foreach (string former in Written(run)) File.Delete(former);
        var worst = test.Utterances.Index()
            .Where(line => line.Item.Errors > 0)
            .OrderByDescending(line => line.Item.Errors)
            .Take(Most);
        foreach (int position in worst.Select(line => line.Index))
        {
            string? file = source.Write(set[position].WithId(Prefix(position) + set[position].Id), folder);
            if (file is not null && !Written(run).Contains(file)) File.Delete(file); // no image
        }
    }

    /// <summary>Finds the image of a line.</summary>
    /// <param name="run">The folder of a finished run.</param>
    /// <param name="position">The place of the line in the test set, from 0.</param>
    /// <returns>A PNG; null if it is not among the worst lines of the run, or its source saves no images.</returns>
    public static string? Find(string run, int position) =>
        Written(run).FirstOrDefault(file => Path.GetFileName(file).StartsWith(Prefix(position), StringComparison.Ordinal));

    /// <summary>The files of a run that <see cref="Write"/> has written.</summary>
    internal static string[] Written(string run)
    {
        string folder = Path.GetFullPath(Path.Combine(run, FolderName));
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder).Where(IsOwn).Order(StringComparer.Ordinal)];
    }

    private static string Prefix(int position) => string.Create(CultureInfo.InvariantCulture, $"{position + 1}-");

    private static bool IsOwn(string file)
    {
        string name = Path.GetFileName(file);
        return name.AsSpan().TrimStart("0123456789") is ['-', ..] && char.IsAsciiDigit(name[0])
            && name.EndsWith(Ending, StringComparison.Ordinal);
    }
}

using System.Text.Json;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Runs;

/// <summary>A few test inputs as files that <c>ctc decode</c> reads. A data source names them, so their names are recorded.</summary>
internal static class Samples
{
    /// <summary>Their folder in that of the run.</summary>
    public const string FolderName = "samples";

    private const int Most = 5;

    /// <summary>Writes the first utterances of a set.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <param name="source">The data source.</param>
    /// <param name="set">The set.</param>
    public static void Write(string run, IDataSource source, IReadOnlyList<Utterance> set)
    {
        string folder = Directory.CreateDirectory(Path.Combine(run, FolderName)).FullName;
        string[] before = Written(run);
        string[] files = [.. WithFileNamesOfTheirOwn(set.Take(Most)).Select(utterance => source.Write(utterance, folder)).OfType<string>()];
        string[] names = [.. before.Concat(files).Select(file => Path.GetRelativePath(folder, file)).Distinct()];
        WholeFile.Write(ListIn(run), JsonSerializer.Serialize(names, RunJson.Page));
    }

    // Ids that differ can be the same as file names.
    private static IEnumerable<Utterance> WithFileNamesOfTheirOwn(IEnumerable<Utterance> utterances)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (Utterance utterance in utterances)
        {
            string id = utterance.Id;
            for (int n = 2; !taken.Add(FileName.From(id)); n++) id = $"{n}-{utterance.Id}";
            yield return id == utterance.Id ? utterance : utterance.WithId(id);
        }
    }

    /// <summary>The path of the list of their names.</summary>
    /// <param name="run">The folder of the run.</param>
    public static string ListIn(string run) => Path.Combine(run, "samples.json");

    /// <summary>The paths of those that were written.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <exception cref="RunFolderException">The list is damaged.</exception>
    public static string[] Written(string run)
    {
        if (!File.Exists(ListIn(run))) return [];
        string folder = Path.Combine(run, FolderName);
        return
        [
            .. RunJson.Load<string?[]>(ListIn(run), "the list of a run's samples")
                .OfType<string>()
                .Select(name => Path.GetFullPath(name, folder))
                .Where(file => Path.GetDirectoryName(file) == folder),
        ];
    }
}

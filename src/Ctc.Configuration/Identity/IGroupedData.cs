namespace Ctc.Configuration.Identity;

/// <summary>
/// A data source whose files name groups, such as writers. Statistics alone use groups, so they are not part of a run's identity, and a finished
/// run takes them from the files again.
/// </summary>
internal interface IGroupedData
{
    /// <summary>The content of a data file that decides the numbers of a run: all but the groups.</summary>
    /// <param name="file">A file or a folder that the options name.</param>
    /// <returns>Text; null if the file names no groups, so that all of it counts, or if a folder only says where files are.</returns>
    /// <exception cref="InvalidDataException">The file is not as it should be.</exception>
    string? ContentWithoutGroups(string file);

    /// <summary>The group of each test utterance, by id; null if unknown.</summary>
    /// <exception cref="InvalidDataException">The file is not as it should be.</exception>
    IReadOnlyDictionary<string, string?> TestGroups();
}

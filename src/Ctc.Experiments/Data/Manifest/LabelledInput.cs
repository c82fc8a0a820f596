using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>An input that a manifest names, with its transcription.</summary>
/// <param name="Where">File and line, as messages begin.</param>
/// <param name="Id">The utterance's name.</param>
/// <param name="Symbols">The symbols of its text.</param>
internal abstract record LabelledInput(string Where, string Id, IReadOnlyList<string> Symbols)
{
    /// <summary>Gets the absolute path of the file that it is in.</summary>
    public abstract string File { get; }

    /// <summary>Gets what distinguishes the inputs of one file; empty for a whole file.</summary>
    public abstract string Place { get; }

    /// <summary>Gets the group that it belongs to, such as a writer or a speaker; null if unknown.</summary>
    public string? Group { get; init; }

    /// <summary>Gets the symbols of its text and of anything else that is learned.</summary>
    public virtual IEnumerable<string> AllSymbols => Symbols;

    /// <summary>The lines of a manifest without those whose id an earlier one has.</summary>
    /// <typeparam name="T">The kind of lines.</typeparam>
    /// <param name="lines">The lines.</param>
    /// <param name="refused">Receives the others.</param>
    public static IReadOnlyList<T> WithOwnIds<T>(IReadOnlyList<T> lines, Refusals refused)
        where T : LabelledInput
    {
        var seen = new Dictionary<string, T>();
        foreach (T line in lines)
        {
            if (seen.TryAdd(line.Id, line)) continue;
            refused.Add($"{line.Where}: the id is '{line.Id}', as at {seen[line.Id].Where}; expected an id of its own.");
        }

        return seen.Count == lines.Count ? lines : [.. lines.Where(line => ReferenceEquals(seen[line.Id], line))];
    }
}

using Ctc.Configuration.Identity;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The lines of all manifests of a data source. No input is in two sets, nor a copy of it.</summary>
/// <typeparam name="T">The kind of lines.</typeparam>
/// <param name="Train">The training lines.</param>
/// <param name="Dev">The lines by which the best epoch is chosen.</param>
/// <param name="Test">The lines for the measurement.</param>
internal sealed record LabelledSets<T>(IReadOnlyList<T> Train, IReadOnlyList<T> Dev, IReadOnlyList<T> Test)
    where T : LabelledInput
{
    /// <summary>Gets the lines of all sets.</summary>
    public IEnumerable<T> All => Train.Concat(Dev).Concat(Test);

    /// <summary>Gets how many lines were left out because they are not valid.</summary>
    public int Dropped { get; private init; }

    /// <summary>Loads the lines, and draws a dev and a test set if none is given.</summary>
    /// <param name="options">The manifests, and what is done with lines that are not valid.</param>
    /// <param name="load">Loads the lines of one; those that are not valid are dropped if there is a list of them.</param>
    /// <exception cref="InvalidDataException">Two share an input, or nothing can be set apart; or as from <paramref name="load"/>.</exception>
    public static LabelledSets<T> Load(ISetOptions options, Func<string, Refusals?, IReadOnlyList<T>> load)
    {
        SetFiles files = options.Sets;
        Refusals? dropped = options.NewDropped();
        IReadOnlyList<T> train = Lines(files.Train), dev = Lines(files.Dev), test = Lines(files.Test);
        Dictionary<string, FileStamp> known = []; // each file is asked once: there are many
        RefuseShared(files, Stamp, train, dev, test);
        if (files.Test is null) (train, test) = SetApart.Draw(train, "test", files, SplitMix64.At(files.Seed, 1), Stamp);
        if (files.Dev is null) (train, dev) = SetApart.Draw(train, "dev", files, SplitMix64.At(files.Seed), Stamp);
        return new LabelledSets<T>(train, dev, test) { Dropped = dropped?.Count ?? 0 };

        IReadOnlyList<T> Lines(string? file) => file is null ? [] : load(file, dropped);

        FileStamp Stamp(string file) =>
            known.TryGetValue(file, out FileStamp stamp) ? stamp : known[file] = FileStamp.Read(file);
    }

    // A copy under another name, or a link, is the same input: the model would be measured on what it learned from.
    private static void RefuseShared(SetFiles files, Func<string, FileStamp> stamps, params IReadOnlyList<T>[] sets)
    {
        (T Line, int Set)[] lines = [.. sets.SelectMany((set, number) => set.Select(line => (line, number)))];
        foreach (int[] same in SetApart.Copies([.. lines.Select(pair => pair.Line)], line => files.MayShareFiles ? line.Place : "", stamps))
        {
            T first = lines[same[0]].Line;
            if (same.Where(i => lines[i].Set != lines[same[0]].Set).Select(i => lines[i].Line).FirstOrDefault() is not { } other) continue;
            string how = other.File == first.File ? $"is that of {first.Where} too" : $"has the content of {first.File}, that of {first.Where}";
            throw new InvalidDataException(
                $"{other.Where}: the {files.Noun} {other.File} {how}; expected sets that share no {files.Noun}, nor a copy of one.");
        }
    }
}

using System.Collections.Concurrent;
using Ctc.Configuration.Identity;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>What was parsed from files, kept from the computation of a run's identity until its data are loaded.</summary>
internal static class ParsedOnce
{
    private static readonly ConcurrentDictionary<object, object> Kept = new();

    /// <summary>Finds what was parsed from files, or parses them. Nothing is kept of files that may change without a trace.</summary>
    /// <param name="options">What the result depends on besides the files; comparable.</param>
    /// <param name="files">The files; null entries are left out.</param>
    /// <param name="parse">Parses them. Its exceptions are passed on.</param>
    /// <param name="now">The time; by default that of the system.</param>
    public static T Find<T>(object options, IEnumerable<string?> files, Func<T> parse, DateTime? now = null)
        where T : class
    {
        DateTime begin = now ?? DateTime.UtcNow;
        string[] paths = [.. files.OfType<string>()];
        if (!paths.All(File.Exists)) return parse();
        FileStamp[] stamps = [.. paths.Select(FileStamp.Read)];
        if (!stamps.All(stamp => stamp.IsReliable(begin))) return parse();
        object key = (typeof(T), options, string.Join('\0', paths), string.Join(' ', stamps));
        if (Kept.TryGetValue(key, out object? known)) return (T)known;
        T parsed = parse();
        Kept[key] = parsed;
        return parsed;
    }

    /// <summary>Forgets everything: the data are loaded, and their texts need memory.</summary>
    public static void Forget() => Kept.Clear();
}

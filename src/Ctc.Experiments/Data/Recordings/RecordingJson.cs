using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Experiments.Data.Manifest;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>Reads a line of a JSON Lines manifest of sound, with the keys of NeMo: a file, its text or tokens, and perhaps a piece.</summary>
internal sealed class RecordingJson : LabelJson
{
    private const string FileKey = "audio_filepath", Offset = "offset", Duration = "duration", Times = "times";

    private RecordingJson(JsonElement line, SymbolText symbols, bool needsText)
        : base(line, [FileKey, Offset, Duration, Times], symbols, needsText)
    {
    }

    /// <param name="where">File and line.</param>
    /// <param name="text">The line.</param>
    /// <param name="symbols">Splits texts into symbols.</param>
    /// <param name="needsText">Whether a line without text and tokens is refused.</param>
    /// <param name="find">Finds the file that the line names.</param>
    /// <exception cref="InvalidDataException">What was found and what was expected, without where.</exception>
    public static Recording Parse(string where, string text, SymbolText symbols, bool needsText, Func<string, string> find) =>
        Parse(text, line => new RecordingJson(line, symbols, needsText).ToRecording(where, find));

    private Recording ToRecording(string where, Func<string, string> find)
    {
        string path = Path(FileKey, "the path of a file of sound");
        string? file = path.Length > 0 ? Mistakes.Try(() => find(path)) : null;
        double? offset = Mistakes.Try(() => Seconds(Find(Offset), atLeast: 0));
        double? duration = Mistakes.Try(() => Seconds(Find(Duration), atLeast: double.Epsilon));
        string? id = Id(offset is null ? path : FormattableString.Invariant($"{path}@{offset}"));
        IReadOnlyList<string>? text = Symbols();
        IReadOnlyList<(double, double)>? times = Mistakes.Try(() => TimesOf(text));
        string? group = Group();
        Mistakes.Throw();

        // Without an offset the duration is that of the file, rounded.
        return new Recording(where, id!, file!, text!)
        {
            Offset = offset ?? 0, Duration = offset is null ? null : duration, Times = times, Group = group,
        };
    }

    private static double? Seconds(JsonValue? value, double atLeast)
    {
        const string expected = "a number of seconds";
        if (value is not { } given) return null;
        bool isNumber = given.Element.ValueKind == JsonValueKind.Number && given.Element.TryGetDouble(out double seconds) && seconds >= atLeast;
        return isNumber ? given.Element.GetDouble() : throw given.Refuse(expected);
    }

    private List<(double, double)>? TimesOf(IReadOnlyList<string>? symbols)
    {
        const string expected = "a list of pairs, start and end of each symbol in seconds";
        if (Find(Times) is not { } times || symbols is null) return null;
        List<(double, double)> read = [];
        foreach (JsonValue pair in times.Items(expected))
        {
            JsonValue[] ends = [.. pair.Items(expected)];
            if (ends.Length != 2) throw pair.Refuse(expected);
            double start = Seconds(ends[0], 0)!.Value, end = Seconds(ends[1], start)!.Value;
            read.Add((start, end));
        }

        return read.Count == symbols.Count ? read : throw times.Fault($"{read.Count} pairs; expected {symbols.Count}, one for each symbol");
    }
}

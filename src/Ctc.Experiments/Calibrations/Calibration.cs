using System.Text.Json;
using System.Text.Json.Serialization;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Calibrations;

/// <summary>The calibrated confidence of tokens and words: how probable it is that both edges are within a tolerance of the true ones.</summary>
/// <param name="Tokens">The map of tokens.</param>
/// <param name="Words">The map of words; null if there were none.</param>
/// <param name="Setting">What it was fitted to.</param>
public sealed record Calibration(ConfidenceMap Tokens, ConfidenceMap? Words, CalibrationSetting Setting)
{
    private const string Expected = "a calibration that ctc align --calibrate wrote";

    private static readonly JsonSerializerOptions Json = new(RunJson.Page)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Loads a calibration.</summary>
    /// <param name="file">A file that <see cref="Save"/> has written.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or is something else.</exception>
    public static Calibration Load(string file)
    {
        try
        {
            var loaded = JsonSerializer.Deserialize<Calibration>(File.ReadAllText(file), Json);
            if (loaded is not null && loaded.Tokens.Map.IsValid && loaded.Words?.Map.IsValid != false) return loaded;
            throw new InvalidDataException($"{file} has a map whose confidences and shares do not rise from 0 to 1; expected {Expected}.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}: {fault.Message.TrimEnd('.')}; expected {Expected}.");
        }
    }

    /// <summary>Writes it as JSON.</summary>
    /// <param name="file">A path in an existing folder.</param>
    public void Save(string file) => WholeFile.Write(file, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Gives tokens and words their confidences.</summary>
    /// <param name="aligned">An alignment; its words get none if the calibration has no map of words.</param>
    public AlignedUtterance ApplyTo(AlignedUtterance aligned)
    {
        ArgumentNullException.ThrowIfNull(aligned);
        return aligned with
        {
            Tokens = aligned.Tokens?.Select(token => token with { Confidence = Tokens.At(token) }).ToArray(),
            Words = aligned.Words?.Select(word => word with { Confidence = Words?.At(word) }).ToArray(),
        };
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Runs;

/// <summary>The output of a trained model for many utterances, in one file of the format safetensors.</summary>
/// <remarks>
/// A tensor of float32 for each utterance, under its id: [N, V] log-probabilities in nats. The metadata hold the identity of the run as <c>run</c>,
/// the names of the V tokens as <c>symbols</c>, a JSON list, and the token of the blank as <c>blank</c>. Format: 8 bytes with the
/// length of the header, little-endian; the header, JSON with type, shape and place of each tensor; the numbers.
/// </remarks>
public static class PosteriorFile
{
    private const string Metadata = "__metadata__";

    /// <summary>Writes a file. The same model and utterances give the same bytes.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="utterances">Utterances of the model's data source.</param>
    /// <exception cref="InvalidDataException">Two utterances have one id, or one has the name that the format reserves.</exception>
    public static void Write(string path, TrainedModel model, IReadOnlyList<Utterance> utterances)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(utterances);
        CheckIds(utterances);
        byte[] header = Header(model, utterances);
        WholeFile.Write(path, file =>
        {
            file.Write(BitConverter.GetBytes(header.LongLength));
            file.Write(header);
            foreach (float[] logProbs in model.ReadLogProbs(utterances)) file.Write(MemoryMarshal.AsBytes(logProbs.AsSpan()));
        });
    }

    private static void CheckIds(IReadOnlyList<Utterance> utterances)
    {
        var seen = new HashSet<string>([Metadata]);
        string? taken = utterances.Select(utterance => utterance.Id).FirstOrDefault(id => !seen.Add(id));
        if (taken is null) return;
        throw new InvalidDataException(
            taken == Metadata ? $"An utterance is called '{taken}', which safetensors reserves; expected another id."
                : $"Two utterances are called '{taken}'; expected ids of their own.");
    }

    // Padded with spaces, so that the numbers start at a multiple of 8 bytes.
    private static byte[] Header(TrainedModel model, IReadOnlyList<Utterance> utterances)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject(Metadata);
            json.WriteString("run", model.Identity);
            Vocabulary tokens = model.Vocabulary;
            json.WriteString("symbols", JsonSerializer.Serialize(Enumerable.Range(0, (int)tokens.Size).Select(token => tokens.Symbol(token))));
            json.WriteString("blank", tokens.Blank?.ToString(CultureInfo.InvariantCulture) ?? "");
            json.WriteEndObject();
            long start = 0;
            foreach (Utterance utterance in utterances)
            {
                long frames = model.OutputFrames(utterance), end = start + (frames * model.Vocabulary.Size * sizeof(float));
                json.WriteStartObject(utterance.Id);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", frames, model.Vocabulary.Size);
                WriteNumbers(json, "data_offsets", start, end);
                json.WriteEndObject();
                start = end;
            }

            json.WriteEndObject();
        }

        while (text.Length % 8 != 0) text.WriteByte((byte)' ');
        return text.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}

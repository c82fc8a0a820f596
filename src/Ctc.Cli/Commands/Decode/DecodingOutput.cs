using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Decode;

/// <summary>Prints what was read.</summary>
/// <param name="nBest">The number of hypotheses to print; null for a line of name and text.</param>
/// <param name="isJson">Whether to print a JSON object a line.</param>
internal sealed class DecodingOutput(int? nBest, bool isJson) : IDecodingOutput
{
    private const double MillisecondsPerSecond = 1000;

    public void Write(DecodedInput read)
    {
        Hypothesis[] hypotheses = [.. read.Hypotheses.Take(nBest ?? 1)];
        if (isJson)
        {
            var input = new JsonInput(read.Name, read.Frames, read.FrameMilliseconds / MillisecondsPerSecond, [.. hypotheses.Select(Line)]);
            Output.WriteLine(JsonSerializer.Serialize(input, RunJson.Line));
            return;
        }

        for (int i = 0; i < hypotheses.Length; i++)
        {
            string rank = nBest is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{i + 1}\t{hypotheses[i].Score:f4}\t");
            Output.WriteLine($"{Printable.Line(read.Name)}\t{rank}{Printable.Line(read.Format(hypotheses[i]))}");
        }

        JsonHypothesis Line(Hypothesis hypothesis) => new(
            read.Format(hypothesis),
            hypothesis.Score,
            [.. hypothesis.Tokens.Select(token => read.Alphabet[token])],
            read.FindTokens(hypothesis)?.Select(token => token.Frames),
            hypothesis.Words is { } words ? AlignedWord.FromSpans(words) : null);
    }

    private sealed record JsonInput(
        string Name,
        long Frames,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? FrameSeconds,
        IReadOnlyList<JsonHypothesis> Hypotheses);

    private sealed record JsonHypothesis(
        string Text,
        double Score,
        IReadOnlyList<string> Tokens,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<FrameSpan>? TokenFrames,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AlignedWord>? Words);
}

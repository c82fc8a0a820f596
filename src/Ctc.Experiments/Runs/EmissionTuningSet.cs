using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Runs;

/// <summary>Outputs of another program with their texts.</summary>
/// <param name="reader">Knows the tokens.</param>
/// <param name="outputs">The outputs, each with the words of its text.</param>
/// <param name="ofWords">Whether errors are of words; otherwise they are of characters, with one space between words.</param>
internal sealed class EmissionTuningSet(
    EmissionDecoder reader, IReadOnlyList<(Emission Emission, IReadOnlyList<string> Words)> outputs, bool ofWords) : ITuningSet
{
    private static readonly char[] Blanks = [' ', '▁'];

    /// <inheritdoc/>
    public int Count => outputs.Count;

    /// <inheritdoc/>
    public double Measure(IDecoder decoder)
    {
        long errors = 0, total = 0;
        foreach ((int i, DecodedInput read) in reader.Decode(outputs.Select(output => output.Emission), decoder).Index())
        {
            string[] found = read.Text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries), expected = [.. outputs[i].Words];
            errors += ofWords
                ? EditDistance.Between<string>(expected, found)
                : EditDistance.Between<char>(string.Join(' ', expected), string.Join(' ', found));
            total += ofWords ? expected.Length : string.Join(' ', expected).Length;
        }

        return errors / (double)Math.Max(total, 1);
    }
}

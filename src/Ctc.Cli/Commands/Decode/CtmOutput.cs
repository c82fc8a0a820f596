using System.Globalization;
using System.Text.RegularExpressions;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Decode;

/// <summary>Prints the best hypothesis of each input as CTM, the form of NIST's scoring tools: input, channel, start, duration, word.</summary>
/// <param name="frameMilliseconds">The time from one frame of the model's output to the next.</param>
/// <param name="ofTokens">Whether a line is a token, and not a word.</param>
internal sealed partial class CtmOutput(double frameMilliseconds, bool ofTokens) : IDecodingOutput
{
    private const double MillisecondsPerSecond = 1000;

    /// <exception cref="InvalidDataException">The decoder gives no frames of the tokens.</exception>
    public void Write(DecodedInput read)
    {
        Hypothesis best = read.Hypotheses[0];
        IReadOnlyList<TimedUnit> units = (ofTokens ? read.FindTokens(best) : read.FindWords(best)) ?? throw new InvalidDataException(
            $"{read.Name} has no frames of its {(ofTokens ? "tokens" : "words")}; expected a decoder that gives a path of the tokens that it reads.");
        foreach (TimedUnit unit in units)
        {
            double start = Seconds(unit.Frames.Start), end = Seconds(unit.Frames.End);
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Field(read.Name)} 1 {start:f3} {end - start:f3} {Field(unit.Text)}"));
        }
    }

    private double Seconds(int frame) => frame * frameMilliseconds / MillisecondsPerSecond;

    // Blanks separate fields.
    private static string Field(string text) => text is " " ? "<space>" : Blanks().Replace(Printable.Line(text), "_");

    [GeneratedRegex(@"\s")]
    private static partial Regex Blanks();
}

using Ctc.Cli.Terminal;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.TimedTexts;

namespace Ctc.Cli.Commands.Decode;

/// <summary>Prints the best hypothesis of each input as CTM.</summary>
/// <param name="frameMilliseconds">The time from one frame of the model's output to the next; null for that of each input.</param>
/// <param name="ofTokens">Whether a line is a token, and not a word.</param>
internal sealed class CtmOutput(double? frameMilliseconds, bool ofTokens) : IDecodingOutput
{
    private const double MillisecondsPerSecond = 1000;

    /// <exception cref="InvalidDataException">The decoder gives no frames of the tokens, or they have no known duration.</exception>
    public void Write(DecodedInput read)
    {
        double each = frameMilliseconds ?? read.FrameMilliseconds
            ?? throw new InvalidDataException($"the frames of {read.Name} have no known duration; expected --frame-ms with --ctm.");
        Hypothesis best = read.Hypotheses[0];
        IReadOnlyList<TimedUnit> units = (ofTokens ? read.FindTokens(best) : read.FindWords(best)) ?? throw new InvalidDataException(
            $"{read.Name} has no frames of its {(ofTokens ? "tokens" : "words")}; expected a decoder that gives a path of the tokens that it reads.");
        Output.Write(Ctm.Format(
            read.Name, units.Select(unit => new TimedInterval(unit.Text, Seconds(unit.Frames.Start), Seconds(unit.Frames.End)))));

        double Seconds(int frame) => frame * each / MillisecondsPerSecond;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Ctc.Cli.Commands.Decode;

/// <summary>Counts what is decoded: on a terminal a line that is overwritten, and the speed at the end.</summary>
/// <param name="inputs">The number of inputs.</param>
/// <param name="terminal">Receives the line; null if there is no terminal.</param>
internal sealed class DecodingProgress(int inputs, TextWriter? terminal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch time = Stopwatch.StartNew();
    private TimeSpan shown = -Pause;
    private int done;
    private long utterances, frames;
    private double? milliseconds = 0; // of all frames

    /// <summary>Creates the progress of a command: a line on the standard error, unless results go to the same terminal.</summary>
    public static DecodingProgress OnError(int inputs) => new(
        inputs, Console.IsErrorRedirected || !Console.IsOutputRedirected ? null : new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });

    /// <summary>Counts what was read.</summary>
    /// <param name="count">Frames of the model's output.</param>
    /// <param name="frameMilliseconds">The time from one to the next; null, the default, if it is not known.</param>
    public void Count(long count, double? frameMilliseconds = null) =>
        (utterances, frames, milliseconds) = (utterances + 1, frames + count, milliseconds + (count * frameMilliseconds));

    /// <summary>Counts an input.</summary>
    public void EndInput()
    {
        done++;
        if (terminal is null || (time.Elapsed - shown < Pause && done < inputs)) return;
        shown = time.Elapsed;
        terminal.Write(done < inputs ? $"\r{done} of {inputs} inputs" : "\r\e[K"); // the line is erased at the end
    }

    /// <summary>Tells the speed.</summary>
    /// <param name="frameMilliseconds">The time from one frame to the next; null for that with which they were counted, if it is known.</param>
    /// <param name="seconds">The time that decoding took; by default since the start.</param>
    public string Summarize(double? frameMilliseconds, double? seconds = null)
    {
        double took = seconds ?? time.Elapsed.TotalSeconds;
        string factor = ((frameMilliseconds * frames) ?? milliseconds) is > 0 and var read
            ? string.Create(CultureInfo.InvariantCulture, $", real-time factor {took * 1000 / read:f4}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{utterances} utterances with {frames} frames in {took:f2} s, {frames / took:f0} frames a second{factor}");
    }
}

using System.Text.Json;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>What the process of one run tells its sweep: a line on its standard output.</summary>
/// <param name="Progress">Where training stands.</param>
public sealed record RunMessage(StepProgress Progress)
{
    /// <summary>As one line.</summary>
    /// <returns>JSON without line breaks.</returns>
    public string ToLine() => JsonSerializer.Serialize(this, RunJson.Line);

    /// <summary>Reads a line.</summary>
    /// <param name="line">Whatever the process printed.</param>
    /// <returns>The message; null where it is none, such as a line that a plugin prints.</returns>
    public static RunMessage? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunMessage>(line, RunJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

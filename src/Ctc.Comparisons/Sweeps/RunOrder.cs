using System.Text.Json;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>What a sweep tells the process of one run: one line on its standard input, which stays open as long as the sweep lives.</summary>
/// <param name="Experiment">The resolved configuration, as text.</param>
/// <param name="Identity">What the process must find the run to be.</param>
/// <param name="BaseFolder">The folder of the experiment's file.</param>
/// <param name="Output">The run's folder.</param>
public sealed record RunOrder(string Experiment, string Identity, string BaseFolder, string Output)
{
    /// <summary>As one line.</summary>
    /// <returns>JSON without line breaks.</returns>
    public string ToLine() => JsonSerializer.Serialize(this, RunJson.Line);

    /// <summary>Reads the line.</summary>
    /// <param name="line">What <see cref="ToLine"/> wrote.</param>
    /// <returns>The order.</returns>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static RunOrder Read(string? line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunOrder>(line ?? "null", RunJson.Line) ?? throw new JsonException("there is nothing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"standard input: {error.Message.TrimEnd('.')}; expected the order that ctc sweep gives.");
        }
    }
}

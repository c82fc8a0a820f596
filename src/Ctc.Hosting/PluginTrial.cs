namespace Ctc.Hosting;

/// <summary>Tries a plugin out. What goes wrong in a constructor, a missing private DLL included, shows itself only then.</summary>
public static class PluginTrial
{
    /// <summary>Creates every part with its default options, and gives it up again.</summary>
    /// <param name="plugin">A good one; one with a problem has no parts to try.</param>
    /// <returns>The parts that failed. One that needs options to be given is not tried.</returns>
    public static IReadOnlyList<PartProblem> Problems(Plugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return [.. plugin.Parts.Where(part => !part.HasRequiredOptions).SelectMany(Try)];
    }

    private static IEnumerable<PartProblem> Try(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            (part.CreatePart(Activator.CreateInstance(part.Metadata.Options)!) as IDisposable)?.Dispose();
            return [];
        }
        catch (Exception failure)
        {
            // The sentence around it names the plugin and the part, which the caller knows.
            return [new PartProblem(part, RootCause.Of(failure is PluginException { InnerException: { } cause } ? cause : failure))];
        }
    }
}

/// <summary>Why a part cannot be created.</summary>
/// <param name="Part">The part.</param>
/// <param name="Cause">The root cause in one sentence.</param>
public sealed record PartProblem(PartFactory Part, string Cause);

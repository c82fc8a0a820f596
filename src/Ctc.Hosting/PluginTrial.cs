namespace Ctc.Hosting;

/// <summary>Creates the parts of a plugin: errors in constructors, such as a missing private DLL, show only then.</summary>
internal static class PluginTrial
{
    /// <summary>Creates every part with its default options, and disposes it.</summary>
    /// <param name="plugin">A plugin; one with a problem has no parts.</param>
    /// <returns>The parts that failed. A part with required options is not created.</returns>
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
            // The outer message repeats the plugin and the part, which the caller adds.
            return [new PartProblem(part, RootCause.Describe(failure is PluginException { InnerException: { } cause } ? cause : failure))];
        }
    }
}

/// <summary>The reason why a part cannot be created.</summary>
/// <param name="Part">The part.</param>
/// <param name="Cause">The root cause in one sentence.</param>
internal sealed record PartProblem(PartFactory Part, string Cause);

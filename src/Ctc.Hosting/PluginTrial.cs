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
        return
        [
            .. from part in plugin.Parts
               where !part.HasRequiredOptions
               let cause = Cause(part)
               where cause is not null
               select new PartProblem(part, cause),
        ];
    }

    /// <summary>Creates a part with its default options, and disposes it.</summary>
    /// <param name="part">A part without required options.</param>
    /// <returns>The reason why it cannot be created, in one sentence; null if it can.</returns>
    public static string? Cause(PartFactory part)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return CauseWithoutScope(part);
    }

    /// <summary>Creates a part with its default options, and disposes it. Tensors that it leaves belong to the caller's dispose scope.</summary>
    /// <remarks>A scope loads libtorch, which few parts need to be created.</remarks>
    /// <inheritdoc cref="Cause"/>
    public static string? CauseWithoutScope(PartFactory part)
    {
        try
        {
            (part.CreatePart(Activator.CreateInstance(part.Metadata.Options)!) as IDisposable)?.Dispose();
            return null;
        }
        catch (Exception failure)
        {
            // The outer message repeats the plugin and the part, which the caller adds.
            return RootCause.Describe(failure is PluginException { InnerException: { } cause } ? cause : failure);
        }
    }
}

/// <summary>The reason why a part cannot be created.</summary>
/// <param name="Part">The part.</param>
/// <param name="Cause">The root cause in one sentence.</param>
internal sealed record PartProblem(PartFactory Part, string Cause);

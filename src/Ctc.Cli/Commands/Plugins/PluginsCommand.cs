using System.CommandLine;
using Ctc.Cli.Commands.Cache;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands.Plugins;

/// <summary><c>ctc plugins list [--json]</c>, <c>ctc plugins show NAME [--json]</c>, and <see cref="PluginCheckCommand"/>.</summary>
internal static class PluginsCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Command Build(CommandServices services) =>
        new("plugins", "Lists parts and plugins, and checks a plugin.")
        {
            BuildList(services), BuildShow(services), PluginCheckCommand.Build(),
        };

    private static Command BuildList(CommandServices services)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table." };
        var list = new Command(
            "list",
            "Lists the parts at hand with their plugins, and the plugins that cannot be used with the cause. "
            + "Parts are created, to find errors; again only after a change of their plugins' files.") { json };
        list.SetAction(parsed =>
        {
            PluginListing listing = Look(services);
            if (parsed.GetValue(json)) listing.WriteJson(Output.Writer);
            else listing.WriteText(Output.Writer);
            return ExitCode.Done;
        });
        return list;
    }

    private static Command BuildShow(CommandServices services)
    {
        var name = new Argument<string>("NAME") { Description = "The name of a part, as in an experiment." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var show = new Command("show", "Shows a part in full: formula, paper, and each option with default, range and summary.") { name, json };
        show.SetAction(parsed =>
        {
            PluginListing listing = Look(services, parsed.GetRequiredValue(name));
            if (parsed.GetValue(json)) listing.WriteJson(Output.Writer);
            else listing.WriteFull(Output.Writer);
            return ExitCode.Done;
        });
        return show;
    }

    /// <summary>Creates each part at hand in a child process, unless the cache knows all of them from a former look.</summary>
    /// <param name="services">Provides the parts.</param>
    /// <param name="only">The name of the only parts to look at; by default all.</param>
    public static PluginListing Look(CommandServices services, string? only = null)
    {
        using var look = new PluginLook(OwnCommand.With(PluginLookCommand.Name), Limit, only);
        string? cache = CacheFolder.Find();
        if (cache is null) look.Start(); // while the plugins are found here
        IServiceProvider provider = services.Provide();
        PartCatalog parts = provider.GetRequiredService<PartCatalog>();
        if (only is not null && !PluginLook.Parts(parts, only).Any())
        {
            throw new PluginException($"no part '{only}' was found; {NearestName.Suggest(only, parts.All.Select(part => part.Metadata.Name))}");
        }

        LookRecord? record = cache is null ? null : LookRecord.Open(CacheFolder.PartsIn(cache), parts);
        IReadOnlyList<SeenPart>? seen = record?.Find(only);
        if (seen is null)
        {
            seen = look.Run(parts);
            if (only is null) record?.Keep(seen);
        }

        // If libtorch cannot be loaded, that is the cause, and not the parts that needed it.
        if (seen.Any(part => part.Problem is not null)) Libtorch.Require();
        return new PluginListing(seen, provider.GetRequiredService<PluginCatalog>());
    }
}

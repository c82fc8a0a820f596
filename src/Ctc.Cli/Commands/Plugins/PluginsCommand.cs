using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands.Plugins;

/// <summary><c>ctc plugins list [--json]</c>, and <see cref="PluginCheckCommand"/>.</summary>
internal static class PluginsCommand
{
    public static Command Build(CommandServices services)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table." };
        var list = new Command("list", "Lists the parts at hand with their plugins, and the plugins that cannot be used with the cause.") { json };
        list.SetAction(parsed =>
        {
            Libtorch.Require(); // parts are created
            IServiceProvider provider = services.Provide();
            var plugins = provider.GetRequiredService<PluginCatalog>();
            var parts = provider.GetRequiredService<PartCatalog>();
            if (parsed.GetValue(json)) PluginListing.WriteJson(Console.Out, parts, plugins);
            else PluginListing.WriteText(Console.Out, parts, plugins);
            return ExitCode.Done;
        });
        return new Command("plugins", "What plugins bring, and whether they keep what they promise.") { list, PluginCheckCommand.Build() };
    }
}

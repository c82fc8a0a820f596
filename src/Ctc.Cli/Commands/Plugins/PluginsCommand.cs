using System.CommandLine;
using Ctc.Cli.Commands.Doctor;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Commands.Plugins;

/// <summary><c>ctc plugins list [--json]</c>, and <see cref="PluginCheckCommand"/>.</summary>
internal static class PluginsCommand
{
    public static Command Build(CommandServices services)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object in place of a table." };
        var list = new Command("list", "Lists the parts at hand with their plugins, and the plugins that cannot be used with the cause.") { json };
        list.SetAction(parsed =>
        {
            NativeLibtorch.Require(); // parts are tried out
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

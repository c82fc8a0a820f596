using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary><c>ctc plugins check PATH [--part NAME] [--options FILE] [--timeout SECONDS] [--json]</c>.</summary>
internal static class PluginCheckCommand
{
    private const double DefaultTimeout = 60;

    private static readonly JsonSerializerOptions Page = new(CommandJson.Page)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static Command Build()
    {
        var path = new Argument<string>("PATH") { Description = "A plugin's DLL, its folder, or a folder of such folders." };
        var part = new Option<string?>(PluginTrialOptions.Part) { Description = "The only part to check.", HelpName = "NAME" };
        var options = new Option<string?>(PluginTrialOptions.Options)
        {
            Description = "A YAML file with the options of the part; by default its defaults and drawn values.", HelpName = "FILE",
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = "How many seconds a part may take.", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultTimeout,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object in place of text." };
        timeout.Validators.Add(result =>
        {
            bool fits = result.GetValueOrDefault<double>() is > 0 and <= 86400;
            if (!fits) result.AddError($"--timeout is {result.GetValueOrDefault<double>()}; expected seconds, more than 0 and at most 86400.");
        });
        const string description = "Checks the properties that a plugin must have: values, gradients, padding, state and more.";
        var command = new Command("check", description) { path, part, options, timeout, json };
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            string place = parsed.GetValue(path)!;
            string? only = parsed.GetValue(part), file = parsed.GetValue(options);
            if (file is not null && !File.Exists(file)) throw new PluginException($"{file}: there is no such file; expected the options of a part");
            TimeSpan limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            var reports = new List<PluginReport>();
            foreach (string dll in Dlls(place))
            {
                reports.Add(new TrialProcess(OwnCommand.With(PluginTrialCommand.Name), new TrialOrder(dll, only, file, limit)).Run());
                if (!parsed.GetValue(json)) CheckText.Write(Output.Writer, reports[^1]);
            }

            bool isMissing = only is not null && reports.TrueForAll(report => report is { Failed: false, Parts.Count: 0 });
            if (isMissing) throw new PluginException($"no part '{only}' was found in {place}");
            if (parsed.GetValue(json)) Output.WriteLine(JsonSerializer.Serialize(new { Plugins = reports }, Page));
            return reports.Exists(report => report.Failed) ? ExitCode.WorkFailed : ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<string> Dlls(string place)
    {
        if (!Path.Exists(place)) throw new PluginException($"{place}: there is no such file or folder; expected a plugin");
        IReadOnlyList<string> dlls = [.. PluginSearch.Candidates(place).Select(Path.GetFullPath)];
        return dlls is [var only] && Directory.Exists(only)
            ? throw new PluginException($"{place}: {PluginCatalog.Discover([only]).Plugins[0].Problem}")
            : dlls;
    }
}

using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Binding;
using Ctc.Experiments.Processes;
using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>The child process that checks a plugin for <c>ctc plugins check</c>. It ends when its standard input closes.</summary>
internal static class PluginTrialCommand
{
    public const string Name = "plugin-trial";

    public static Command Build(CommandServices services)
    {
        var path = new Argument<string>("PATH");
        var skip = new Option<int>(PluginTrialOptions.Skip);
        var part = new Option<string?>(PluginTrialOptions.Part);
        var options = new Option<string?>(PluginTrialOptions.Options);
        var command = new Command(Name, "Tries a plugin; called by ctc plugins check.") { path, skip, part, options };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            using var input = new StreamReader(Console.OpenStandardInput());
            ParentProcess.WhenGone(input, () => Environment.Exit(ExitCode.WorkFailed));
            using Stream output = Console.OpenStandardOutput();
            Console.SetOut(TextWriter.Null); // discards the output of the plugin
            torch.set_num_threads(1);
            using var lines = new StreamWriter(output) { AutoFlush = true };
            var trial = new TrialOrder(parsed.GetValue(path)!, parsed.GetValue(part), parsed.GetValue(options), Timeout.InfiniteTimeSpan);
            Try(services.Parts(), trial, parsed.GetValue(skip), message => MessageLine.Write(lines, message));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Try(PartCatalog catalog, TrialOrder trial, int skip, Action<TrialMessage> send)
    {
        Plugin plugin = PluginCatalog.Discover([trial.Dll], CommandServices.AllowLists()).Plugins.Single();
        send(new TrialMessage(plugin.File, Result: PluginConformance.Run(plugin)));
        PartFactory[] parts = [.. plugin.Parts.Where(part => trial.Part is null || part.Metadata.Name == trial.Part)];
        string? given = trial.Options is null ? null : Options(parts, trial.Options);
        // This build replaces any other build of the same plugin in the catalog.
        PartFactory[] others = [.. catalog.All.Where(part => part.Origin?.Name != plugin.Name), .. plugin.Parts];
        foreach (PartFactory part in parts.Skip(skip))
        {
            send(new TrialMessage(Point: ExtensionPoint.From(part.Point).Noun, Part: part.Metadata.Name));
            string folder = Folder(trial.Options);
            IEnumerable<CheckResult> results = PartConformance.Run(part, others, check => send(new TrialMessage(Check: check)), given, folder);
            foreach (CheckResult result in results) send(new TrialMessage(Result: result));
        }

        send(new TrialMessage(Ended: true));
    }

    private static string? Options(PartFactory[] parts, string file)
    {
        if (parts.Length == 0) return null;
        if (parts.Length > 1)
        {
            string names = string.Join(", ", parts.Select(part => part.Metadata.Name));
            throw new PluginException($"{file} holds the options of one part, and there are {names}; expected --part");
        }

        string text = File.ReadAllText(file);
        _ = PartOptions.Parse(parts[0], text, file, Folder(file));
        return text;
    }

    private static string Folder(string? file) => file is null ? "." : Path.GetDirectoryName(Path.GetFullPath(file))!;
}

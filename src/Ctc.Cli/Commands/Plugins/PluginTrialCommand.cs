using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Binding;
using Ctc.Experiments;
using Ctc.Experiments.Processes;
using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>The process that tries a plugin for <c>ctc plugins check</c>. It ends when its standard input closes.</summary>
internal static class PluginTrialCommand
{
    public const string Name = "plugin-trial";

    public static Command Build()
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
            Console.SetOut(TextWriter.Null); // the plugin's
            torch.set_num_threads(1);
            using var said = new StreamWriter(output) { AutoFlush = true };
            Try(parsed.GetValue(path)!, parsed.GetValue(skip), parsed.GetValue(part), parsed.GetValue(options), message => MessageLine.Write(said, message));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Try(string path, int skip, string? only, string? options, Action<TrialMessage> say)
    {
        Plugin plugin = PluginCatalog.Discover([path]).Plugins.Single();
        say(new TrialMessage(plugin.File, Result: PluginConformance.Run(plugin)));
        PartFactory[] parts = [.. plugin.Parts.Where(part => only is null || part.Metadata.Name == only)];
        string? given = options is null ? null : Options(parts, options);
        IEnumerable<PartFactory> atHand = ExperimentServices.Catalog(PluginCatalog.Discover(PluginSearch.Places([]))).All;
        PartFactory[] others = [.. atHand.Where(part => part.Origin?.Name != plugin.Name), .. plugin.Parts]; // another build of it would take its place
        foreach (PartFactory part in parts.Skip(skip))
        {
            say(new TrialMessage(Point: ExtensionPoint.Of(part.Point).Noun, Part: part.Metadata.Name));
            IEnumerable<CheckResult> results = PartConformance.Run(part, others, check => say(new TrialMessage(Check: check)), given, Folder(options));
            foreach (CheckResult result in results) say(new TrialMessage(Result: result));
        }

        say(new TrialMessage(Ended: true));
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
        _ = PartOptions.Read(parts[0], text, file, Folder(file));
        return text;
    }

    private static string Folder(string? file) => file is null ? "." : Path.GetDirectoryName(Path.GetFullPath(file))!;
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Processes;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.TimedTexts;

namespace Ctc.Cli.Commands.Align;

/// <summary>The options of what is computed and written of each alignment.</summary>
internal sealed class AlignmentOptions
{
    private const string Json = "json";

    private static readonly string[] Forms = [Json, .. TimedTextForm.All.Select(form => form.Name)];

    private readonly Option<string?> edges = new("--edges")
    {
        Description = "Where tokens begin and end: frames, midway, first, last or expected; by default as in the run, else frames.",
        HelpName = "KIND",
    };

    private readonly Option<double?> frameMilliseconds = new("--frame-ms")
    {
        Description = "The milliseconds from one frame of the model's output to the next; of a run by default those of its data.", HelpName = "MS",
    };

    private readonly Option<string> format = new("--format")
    {
        Description = $"The form of the output: {string.Join(", ", Forms)}; by default json, an object for each utterance.", HelpName = "FORM",
        DefaultValueFactory = _ => Json,
    };

    private readonly Option<string?> unit = new("--unit")
    {
        Description = "What an entry of ctm, srt or audacity is: token, word or line; by default word, or token where no words are known.",
        HelpName = "UNIT",
    };

    private readonly Option<string?> output = new("--output")
    {
        Description = "A folder for a file of each utterance, in place of the standard output.", HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[edges, frameMilliseconds, format, unit, output]) command.Add(option);
        edges.Validators.Add(given => CheckOne<EdgeKind>(given, "--edges"));
        unit.Validators.Add(given => CheckOne<TimedTextUnit>(given, "--unit"));
        frameMilliseconds.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double?>() is not (> 0 and < double.PositiveInfinity))
            {
                given.AddError($"--frame-ms is {given.Tokens[0].Value}; expected a number of milliseconds above 0.");
            }
        });
        command.Validators.Add(Check);
    }

    /// <summary>Refuses a form with times where the duration of a frame cannot be known.</summary>
    public void CheckEmissions(CommandResult given)
    {
        if (Form(given) == Json || given.GetValue(frameMilliseconds) is not null) return;
        given.AddError($"--format {Form(given)} has times in seconds; expected --frame-ms with it.");
    }

    /// <summary>Refuses options of the output beside one that writes no alignments.</summary>
    public void RefuseWith(CommandResult given, string option)
    {
        bool isOfOutput = ((Option[])[format, unit, output]).Any(one => given.GetResult(one) is { Implicit: false });
        if (isOfOutput) given.AddError($"{option} writes no alignments; expected no --format, --unit or --output with it.");
    }

    public EdgeKind? Edges(ParseResult parsed) =>
        parsed.GetValue(edges) is { } kind ? Enum.Parse<EdgeKind>(kind, ignoreCase: true) : null;

    public double? FrameMilliseconds(ParseResult parsed) => parsed.GetValue(frameMilliseconds);

    /// <summary>Opens the output.</summary>
    public AlignmentOutput Open(ParseResult parsed)
    {
        TimedTextForm? form = TimedTextForm.All.FirstOrDefault(form => form.Name == parsed.GetValue(format));
        TimedTextUnit? parts = parsed.GetValue(unit) is { } name ? Enum.Parse<TimedTextUnit>(name, ignoreCase: true) : null;
        return new AlignmentOutput(form, parts, parsed.GetValue(output) is { } folder ? StartFolder.Resolve(folder) : null);
    }

    private void Check(CommandResult given)
    {
        string name = Form(given);
        TimedTextForm? form = TimedTextForm.All.FirstOrDefault(form => form.Name == name);
        if (!Forms.Contains(name)) given.AddError($"--format is '{name}'; expected {string.Join(", ", Forms[..^1])} or {Forms[^1]}.");
        if (form is { IsOfLines: false } && given.GetValue(output) is null)
        {
            given.AddError($"--format {name} is a file for each utterance; expected --output with it.");
        }

        bool isWhole = form is null && given.GetValue(unit) is not null;
        if (isWhole) given.AddError("--unit is of ctm, srt and audacity; expected one of them with --format.");
    }

    // A validator does not see the default.
    private string Form(CommandResult given) => given.GetValue(format) ?? Json;

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void CheckOne<T>(OptionResult given, string option)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetValues<T>().Select(NameOf)];
        string? value = given.GetValueOrDefault<string?>();
        if (names.Contains(value)) return;
        given.AddError($"{option} is '{value}'; expected {string.Join(", ", names[..^1])} or {names[^1]}.");
    }
}

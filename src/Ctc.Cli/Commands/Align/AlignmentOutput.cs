using System.Text.Json;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Texts;
using Ctc.Experiments.TimedTexts;

namespace Ctc.Cli.Commands.Align;

/// <summary>Writes alignments: to the standard output, or a file for each. What cannot be aligned is named on the standard error.</summary>
/// <param name="form">The form; null for JSON.</param>
/// <param name="unit">The parts that a form with one kind of parts has.</param>
/// <param name="folder">The folder of the files; null for the standard output.</param>
internal sealed class AlignmentOutput(TimedTextForm? form, TimedTextUnit? unit, string? folder)
{
    private readonly Dictionary<string, string> writers = new(StringComparer.OrdinalIgnoreCase); // from file name to id: some systems ignore case
    private int aligned;

    /// <summary>Gets the inputs that are left out.</summary>
    public Refusals Refused { get; } = RefusedInputs.OnError();

    /// <summary>Writes all alignments.</summary>
    /// <param name="all">The alignments, lazily.</param>
    /// <param name="inputs">Their number, or that of the files that hold them, for the progress.</param>
    /// <param name="haveTimes">Whether the errors of edges are times.</param>
    /// <returns>The exit code.</returns>
    public int WriteAll(IEnumerable<AlignedUtterance> all, int inputs, bool haveTimes)
    {
        var errors = new List<double>();
        DecodingProgress progress = DecodingProgress.OnError(inputs);
        if (folder is not null) Directory.CreateDirectory(folder);
        foreach (AlignedUtterance utterance in all)
        {
            Write(utterance);
            errors.AddRange(utterance.BoundaryErrors ?? []);
            progress.Count(utterance.Frames);
            progress.EndInput();
        }

        if (BoundaryError.Describe(errors, haveTimes) is { } summary) Console.Error.WriteLine($"ctc: {summary}");
        Refused.Summarize(aligned, "aligned");
        return Refused.ExitCode;
    }

    private void Write(AlignedUtterance utterance)
    {
        if (utterance.Problem is { } problem) Refused.Add($"{Printable.Line(problem)}; expected a text that its frames can spell.");
        bool isWritten = form is null
            ? TryWrite(utterance.Id, ".json", JsonSerializer.Serialize(utterance, RunJson.Line) + "\n")
            : utterance.Tokens is not null && TryWrite(utterance.Id, form.Extension, form.Format(utterance.ToTimedText(), unit));
        if (isWritten && utterance.Problem is null) aligned++;
    }

    private bool TryWrite(string id, string extension, string text)
    {
        if (folder is null)
        {
            Output.Write(text);
            return true;
        }

        string name = FileName.From(id) + extension;
        if (!writers.TryAdd(name, id))
        {
            Refused.Add($"'{Printable.Line(writers[name])}' and '{Printable.Line(id)}' have one file, {name}; expected ids whose file names differ.");
            return false;
        }

        string file = Path.Combine(folder, name);
        WholeFile.Write(file, text);
        Output.WriteLine(Printable.Line(StartFolder.Relative(file)));
        return true;
    }
}

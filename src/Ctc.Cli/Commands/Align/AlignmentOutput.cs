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
    private int exitCode = ExitCode.Done;

    /// <summary>Prints why an input is left out.</summary>
    public void Refuse(string sentence)
    {
        Console.Error.WriteLine($"ctc: {sentence}");
        exitCode = ExitCode.WrongInput;
    }

    /// <summary>Reads an input. If it is not valid, it is named.</summary>
    /// <returns>Whether it is valid.</returns>
    public bool TryRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidDataException wrong)
        {
            Refuse(wrong.Message);
            return false;
        }
    }

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
        foreach (AlignedUtterance aligned in all)
        {
            Write(aligned);
            errors.AddRange(aligned.BoundaryErrors ?? []);
            progress.Count(aligned.Frames);
            progress.EndInput();
        }

        if (BoundaryError.Describe(errors, haveTimes) is { } summary) Console.Error.WriteLine($"ctc: {summary}");
        return exitCode;
    }

    private void Write(AlignedUtterance aligned)
    {
        if (aligned.Problem is { } problem) Refuse($"{Printable.Line(problem)}; expected a text that its frames can spell.");
        if (form is null)
        {
            Write(aligned.Id, ".json", JsonSerializer.Serialize(aligned, RunJson.Line) + "\n");
        }
        else if (aligned.Tokens is not null)
        {
            Write(aligned.Id, form.Extension, form.Format(aligned.ToTimedText(), unit));
        }
    }

    private void Write(string id, string extension, string text)
    {
        if (folder is null)
        {
            Output.Write(text);
            return;
        }

        string name = FileName.From(id) + extension;
        if (!writers.TryAdd(name, id))
        {
            Refuse($"'{Printable.Line(writers[name])}' and '{Printable.Line(id)}' have one file, {name}; expected ids whose file names differ.");
            return;
        }

        string file = Path.Combine(folder, name);
        WholeFile.Write(file, text);
        Output.WriteLine(Printable.Line(StartFolder.Relative(file)));
    }
}

using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary><c>ctc loss [FILE...]</c>.</summary>
internal static class LossCommand
{
    private const string StandardInput = "standard input", Dash = "-";

    public static Command Build(CommandServices services)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "JSON objects, separated by white space; without any file, or for -, standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        const string description =
            "Computes loss, gradient, occupancy and alignment of given numbers: one JSON object a line for each that it reads.";
        var command = new Command("loss", description) { files };
        command.SetAction(parsed =>
        {
            using Stream? input = Terminal.StandardInput.IsClosed() ? null : Console.OpenStandardInput();
            using Stream output = Console.OpenStandardOutput();
            var begun = new TaskCompletionSource();
            IEnumerable<LossQuestion> questions = OneAhead.Begin(Read(Parts, parsed.GetValue(files) ?? [], input));

            // The loader of the operating system is locked while it loads libtorch, so functions of the system that are called for the first time
            // wait. By the end of the first plugin those that the others need were called.
            begun.Task.Wait();
            Libtorch.Require();
            torch.set_num_threads(1);
            return Answer(questions, output, Console.Error);

            PartCatalog Parts()
            {
                try
                {
                    services.PluginLoaded = () => begun.TrySetResult();
                    return services.Parts();
                }
                finally
                {
                    begun.TrySetResult();
                }
            }
        });
        return command;
    }

    /// <summary>Answers the requests in files, or in standard input if there are no files.</summary>
    /// <param name="parts">The parts available to an objective.</param>
    /// <param name="files">Paths; - is standard input.</param>
    /// <param name="input">Standard input; null if it is closed.</param>
    /// <param name="output">Receives a line for each request.</param>
    /// <param name="warnings">Receives a line for each request that was answered and is probably wrong.</param>
    /// <returns>The exit code: 2 if an input is invalid, otherwise 1 if a computation failed, otherwise 0.</returns>
    public static int Run(PartCatalog parts, IReadOnlyList<string> files, Stream? input, Stream output, TextWriter warnings) =>
        Answer(Read(() => parts, files, input), output, warnings);

    private static int Answer(IEnumerable<LossQuestion> questions, Stream output, TextWriter warnings)
    {
        int exitCode = ExitCode.Done;
        foreach (LossLine line in questions.Select(LossRequests.Answer))
        {
            output.Write(line.Json.Span);
            output.Write("\n"u8);
            output.Flush();
            if (line.Warning is not null) warnings.WriteLine($"WARNING {line.Warning}");
            if (line.Failure is not null) exitCode = Math.Max(exitCode, Failure.ExitCode(line.Failure));
        }

        return exitCode;
    }

    private static IEnumerable<LossQuestion> Read(Func<PartCatalog> parts, IReadOnlyList<string> files, Stream? input)
    {
        var requests = new LossRequests(parts());
        foreach (LossQuestion question in (files.Count == 0 ? [Dash] : files).SelectMany(file => Read(requests, file, input))) yield return question;
    }

    private static IEnumerable<LossQuestion> Read(LossRequests requests, string file, Stream? input)
    {
        try
        {
            if (file == Dash) return requests.Read(ReadAll(input), StandardInput, StartFolder.Current);
            string path = StartFolder.Resolve(file);
            if (Directory.Exists(path)) throw new InvalidDataException($"{file}: found a folder; expected a file of JSON objects");
            if (!File.Exists(path)) throw new InvalidDataException($"{file}: there is no such file; expected one of JSON objects");
            return requests.Read(File.ReadAllBytes(path), file, Path.GetDirectoryName(path)!);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            string sentence = failure is InvalidDataException
                ? failure.Message
                : $"{file}: {failure.Message.TrimEnd('.')}; expected a file that can be read";
            return [LossQuestion.Invalid(new InvalidDataException(sentence, failure))];
        }
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream? input)
    {
        if (input is null) throw new InvalidDataException($"{StandardInput}: it is closed; expected JSON objects");
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }
}

using Ctc.Experiments.Texts;
using Spectre.Console;

namespace Ctc.Cli.Terminal;

/// <summary>The standard output. It belongs to the command: text that a plugin prints goes to the standard error.</summary>
/// <remarks>On both, control characters are shown and not executed: <see cref="Printable"/>.</remarks>
internal static class Output
{
    /// <summary>Gets the stream of the command's results.</summary>
    public static TextWriter Writer { get; private set; } = Console.Out;

    /// <summary>Claims the standard output for the command until disposed.</summary>
    public static IDisposable Claim() => new Claimed();

    public static void Write(string text) => Writer.Write(text);

    public static void WriteLine(string text = "") => Writer.WriteLine(text);

    private sealed class Claimed : IDisposable
    {
        private readonly TextWriter output = Console.Out, error = Console.Error, former = Writer;

        public Claimed()
        {
            _ = AnsiConsole.Console; // created over the standard output; the displays escape what they write to it
            Writer = TextWriter.Synchronized(new PrintableWriter(output));
            Console.SetError(TextWriter.Synchronized(new PrintableWriter(error)));
            Console.SetOut(Console.Error);
        }

        public void Dispose()
        {
            Writer.Flush();
            Writer = former;
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}

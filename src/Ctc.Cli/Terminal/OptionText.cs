using Ctc.Configuration.Binding;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Terminal;

/// <summary>An option of a part, or a key of an experiment, as text.</summary>
internal static class OptionText
{
    /// <summary>The key, its default and its values, without its meaning.</summary>
    public static string Brief(OptionDescription option) =>
        $"{option.Name} {option.Default ?? "required"}{(option.Expected.Length > 0 ? $" ({option.Expected})" : "")}";

    /// <summary>The same, and the meaning on a line below.</summary>
    public static void WriteFull(TextWriter to, OptionDescription option, string indent)
    {
        to.WriteLine(indent + Printable.Line(Brief(option)));
        if (option.Summary.Length > 0) to.WriteLine($"{indent}  {Printable.Line(option.Summary)}");
    }
}

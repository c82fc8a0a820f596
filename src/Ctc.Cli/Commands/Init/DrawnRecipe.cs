using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.TypesetLines;

namespace Ctc.Cli.Commands.Init;

/// <summary>A text that is printed with the installed fonts.</summary>
internal sealed class DrawnRecipe : IRecipe
{
    private const int MostFonts = 5, MostTestFonts = 3;

    public string Summary => "Writes an experiment on lines of a text, printed with fonts.";

    public string Write(string path, string folder, Func<string, LineSurvey> survey)
    {
        string text = FindText(path);
        string[] fonts = [.. PrintableFonts.For(text)];
        string[] test = [.. fonts.Skip(MostFonts).Take(MostTestFonts)];
        string data =
            $"""
            name: drawn
            seed: 1
            data:
              source: typeset-lines
              texts: {Quoted([Path.GetRelativePath(folder, text).Replace('\\', '/')])}
              fonts: [{Quoted(fonts.Take(MostFonts))}]
              test-fonts: [{Quoted(test)}]   # every second test line; the group of a line is its font
              train-lines: 1000
              dev-lines: 100
              test-lines: 300

            """;
        int count = Math.Clamp(fonts.Length, 1, MostFonts);
        LineSurvey lines = survey(data + "model: { encoder: crnn }\n");
        return
            $"""
            # Lines of {Path.GetFileName(text)} as a scanner sees them, in {count} fonts, and {test.Length} others for the test.
            {data.TrimEnd()}
            {LineTraining.For(lines)}

            """;
    }

    private static string Quoted(IEnumerable<string> values) =>
        string.Join(", ", values.Select(value => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"));

    private static string FindText(string path)
    {
        if (File.Exists(path)) return path;
        FileInfo? largest = Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*.txt").MaxBy(file => file.Length) : null;
        return largest?.FullName ?? throw new InvalidDataException($"{path} is no text and holds none; expected a file, or a folder with a .txt.");
    }
}

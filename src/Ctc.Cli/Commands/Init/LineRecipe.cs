using System.Globalization;
using Ctc.Experiments.Data.Common;

namespace Ctc.Cli.Commands.Init;

/// <summary>Images of text lines that are there already.</summary>
internal sealed class LineRecipe : IRecipe
{
    private const int FewestGroups = 10;

    // A vertical line that is scaled to the height of a horizontal one has hardly a column for each symbol.
    private const double Vertical = 0.8;

    public string Summary => "Writes an experiment for images of text lines.";

    public string Write(string path, string folder, Func<string, LineSurvey> survey)
    {
        if (!Path.Exists(path)) throw new InvalidDataException($"{path} does not exist; expected a folder of text lines, or a manifest.");
        string train = Path.GetRelativePath(folder, path).Replace('\\', '/');
        LineSurvey lines = survey(Data(train, "auto", "line") + "model: { encoder: crnn }\n");
        bool isVertical = lines.FramesPerToken < Vertical;
        if (isVertical) lines = survey(Data(train, "top-to-bottom", "line") + "model: { encoder: crnn }\n");
        string unit = lines.Groups >= FewestGroups ? "group" : "line";
        string direction = isVertical ? "top-to-bottom" : "auto";
        string ratio = lines.FramesPerToken.ToString("f1", CultureInfo.InvariantCulture);
        string rare = lines.RareSymbols == 0 ? "" : $"\n# {lines.RareSymbols} symbols occur fewer than ten times: expect them to be read badly.";
        return
            $"""
            # {lines.Lines} lines with {lines.Symbols} symbols; {ratio} columns for each symbol at a height of 32.{rare}
            # Measure other lines with ctc evaluate, read new images with ctc decode. docs/keys.md has all keys.
            {Data(train, direction, unit).TrimEnd()}
            {LineTraining.For(lines)}

            """;
    }

    private static string Data(string train, string direction, string unit) =>
        $"""
        name: lines
        seed: 1
        data:
          source: manifest
          train: '{train.Replace("'", "''", StringComparison.Ordinal)}'
          split-by: {unit,-14} # a tenth of the lines is set apart for dev, and one for test
          direction: {direction,-13} # auto: symbols in the order of display, whatever the script
          white-space: collapse
          height: 32

        """;
}

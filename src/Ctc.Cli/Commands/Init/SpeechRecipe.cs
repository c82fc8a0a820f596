using System.Globalization;
using Ctc.Experiments.Data.Common;

namespace Ctc.Cli.Commands.Init;

/// <summary>Recordings with their texts.</summary>
internal sealed class SpeechRecipe : IRecipe
{
    private const int FewestGroups = 10, FewestFrames = 3, MostStride = 8;
    private const int Visits = 15_000, FewestEpochs = 10, MostEpochs = 60;

    /// <inheritdoc/>
    public string Summary => "Writes an experiment for recordings with texts.";

    /// <inheritdoc/>
    public string Write(string path, string folder, Func<string, LineSurvey> survey)
    {
        if (!Path.Exists(path)) throw new InvalidDataException($"{path} does not exist; expected JSON Lines, or a data folder of Kaldi.");
        string train = Path.GetRelativePath(folder, path).Replace('\\', '/');
        LineSurvey lines = survey(Data(train, "line") + "model: { encoder: conv }\n");
        string unit = lines.Groups >= FewestGroups ? "group" : "line";
        int stride = Math.Clamp((int)(lines.FramesPerToken / FewestFrames), 1, Math.Min(MostStride, lines.LargestStride));
        int epochs = Math.Clamp((int)Math.Round((double)Visits / Math.Max(1, lines.Lines)), FewestEpochs, MostEpochs);
        string Number(double number) => number.ToString("f1", CultureInfo.InvariantCulture);
        return
            $$"""
            # {{lines.Lines}} utterances with {{lines.Symbols}} symbols; {{Number(lines.FramesPerToken)}} frames of 10 ms for each symbol.
            # Measure other recordings with ctc evaluate, read new ones with ctc decode. docs/keys.md has all keys.
            {{Data(train, unit).TrimEnd()}}
            model:
              encoder: conv              # convolutions over time, fast on a processor
              hidden: 128
              layers: 6
              kernel: 5
              stride: {{stride}}                  # frames in one: leaves {{Number(lines.FramesPerToken / stride)}} for each symbol; 3 to 5 learn fast
            objective:
              infeasible: drop           # an utterance with more symbols than frames trains nothing, and is counted
            train:
              epochs: {{epochs,-3}}                # more utterances need fewer: about {{Visits}} are seen
              batch-size: 16
              learning-rate: 3e-3
              clip-norm: 5
              warm-up: 1 epoch
              schedule: cosine
              augment: [{ masks: { frames: 10, features: 8 } }]   # SpecAugment: hides pieces of time and of the bands

            """;
    }

    private static string Data(string train, string unit) =>
        $"""
        name: speech
        seed: 1
        data:
          source: recordings
          train: '{train.Replace("'", "''", StringComparison.Ordinal)}'
          split-by: {unit,-14} # a tenth of the utterances is set apart for dev, and one for test
          unit: character          # word: symbols are what is between spaces, such as phones
          rate: 16000

        """;
}

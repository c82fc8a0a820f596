using System.Globalization;
using Ctc.Experiments.Data.Common;

namespace Ctc.Cli.Commands.Init;

/// <summary>Model and training for lines of text, with the reasons as comments: the recipe whose figures docs/data.md has.</summary>
internal static class LineTraining
{
    private const int FewestFrames = 3, MostStride = 8;
    private const int Visits = 25_000, FewestEpochs = 10, MostEpochs = 60;

    /// <summary>The sections model and train.</summary>
    public static string For(LineSurvey lines)
    {
        int stride = Math.Clamp((int)(lines.FramesPerToken / FewestFrames), 1, Math.Min(MostStride, lines.LargestStride));
        int epochs = Math.Clamp((int)Math.Round((double)Visits / Math.Max(1, lines.Lines)), FewestEpochs, MostEpochs);
        string frames = (lines.FramesPerToken / stride).ToString("f1", CultureInfo.InvariantCulture);
        return
            $$"""
            model:
              encoder: crnn              # convolutions over rows and columns, then a recurrent layer in both directions
              hidden: 96
              stride: {{stride}}                  # columns in a frame: leaves {{frames}} frames for each symbol; 3 to 5 learn fast
            objective:
              infeasible: drop           # a line with more symbols than frames trains nothing, and is counted
            train:
              epochs: {{epochs,-3}}                # more lines need fewer: about {{Visits}} lines are seen
              batch-size: 8
              learning-rate: 3e-3
              warm-up: 1 epoch
              schedule: cosine
              augment: [{ slant: {} }, { scale: {} }, { blur: {} }, { noise: {} }]   # other lines in each epoch: fonts and scans differ
            """;
    }
}

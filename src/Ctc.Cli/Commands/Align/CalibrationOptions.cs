using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Calibrations;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Align;

/// <summary>The options of calibrated confidence: to fit it where the truth is known, and to give it to tokens and words.</summary>
internal sealed class CalibrationOptions
{
    private const double DefaultMilliseconds = 20, DefaultFrames = 2;

    private readonly Option<string?> calibrate = new("--calibrate")
    {
        Description = "Fit the confidence to alignments whose true edges are known, write it to FILE, and print how calibrated it is.",
        HelpName = "FILE",
    };

    private readonly Option<string?> calibration = new("--calibration")
    {
        Description = "Give tokens and words the confidence of a file that --calibrate wrote.", HelpName = "FILE",
    };

    private readonly Option<double?> tolerance = new("--tolerance")
    {
        Description = "The largest error of an edge that is right, in milliseconds or, without a duration of frames, in input frames; by default "
            + "20 ms or 2 frames.",
        HelpName = "NUMBER",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[calibrate, calibration, tolerance]) command.Add(option);
        tolerance.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double?>() is >= 0 and < double.PositiveInfinity) return;
            given.AddError($"--tolerance is {given.Tokens[0].Value}; expected a number of milliseconds or frames, 0 or more.");
        });
        command.Validators.Add(given =>
        {
            (string? from, string? to) = (given.GetValue(calibration), given.GetValue(calibrate));
            if (from is not null && to is not null)
            {
                given.AddError("--calibrate fits a calibration and --calibration applies one; expected one of them.");
            }

            if (given.GetValue(tolerance) is not null && (from ?? to) is null) given.AddError("--tolerance is of --calibrate; expected it too.");
        });
    }

    /// <summary>Refuses to fit where no true edges are known.</summary>
    public void CheckEmissions(CommandResult given)
    {
        if (!Fits(given)) return;
        given.AddError("--calibrate needs true positions, which data of a run have; expected no --tokens with it.");
    }

    /// <summary>Whether a calibration is to be fitted, in place of writing alignments.</summary>
    public bool Fits(CommandResult given) => given.GetValue(calibrate) is not null;

    /// <inheritdoc cref="Fits(CommandResult)"/>
    public bool Fits(ParseResult parsed) => parsed.GetValue(calibrate) is not null;

    /// <summary>Fits a calibration, writes it and prints how calibrated it is.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="model">The model that aligns.</param>
    /// <param name="data">The set or the manifest.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="aligned">The alignments.</param>
    public void Fit(ParseResult parsed, TrainedModel model, string data, EdgeKind edges, IEnumerable<AlignedUtterance> aligned)
    {
        string file = StartFolder.Resolve(parsed.GetRequiredValue(calibrate)!);
        double within = parsed.GetValue(tolerance) ?? (model.HasTimes ? DefaultMilliseconds : DefaultFrames);
        CalibrationFit fit = CalibrationFit.From(aligned, model.Identity, data, edges, within);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        fit.Calibration.Save(file);
        CalibrationText.Write(Output.Writer, fit, StartFolder.Relative(file));
    }

    /// <summary>Loads the calibration that is to be applied; null if there is none.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="run">The identity of the run that aligns; null if there is none.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    public AppliedCalibration? Load(ParseResult parsed, string? run, EdgeKind edges) => parsed.GetValue(calibration) is { } file
        ? new AppliedCalibration(Calibration.Load(StartFolder.Resolve(file)), file, run, edges, parsed.GetValue(tolerance))
        : null;
}

using System.ComponentModel.DataAnnotations;

namespace Ctc.Comparisons.Sweeps.Slurm;

/// <summary>The options of <c>slurm</c>.</summary>
public sealed record SlurmOptions : IValidatableObject
{
    /// <summary>Gets the time limit of a run.</summary>
    /// <value>Minutes, or hours:minutes:seconds, or days-hours, as sbatch takes it; by default that of the partition.</value>
    [RegularExpression(@"\d+(:\d\d?(:\d\d?)?)?|\d+-\d\d?(:\d\d?(:\d\d?)?)?", ErrorMessage = "expected minutes, or a time such as 2:30:00 or 1-12")]
    public string Time { get; init; } = "";

    /// <summary>Gets the memory of a run.</summary>
    /// <value>Megabytes, or a number with K, M, G or T; by default that of the partition.</value>
    [RegularExpression(@"\d+[KMGT]?", ErrorMessage = "expected megabytes, or an amount such as 4G")]
    public string Memory { get; init; } = "";

    /// <summary>Gets the partition, or several with commas between them.</summary>
    /// <value>By default that of the cluster.</value>
    [RegularExpression(@"[^\s""'\\]*", ErrorMessage = "expected a name without spaces and quotes")]
    public string Partition { get; init; } = "";

    /// <summary>Gets the GPUs of a run.</summary>
    /// <value>A number, or a kind and a number such as a100:1; the default is none.</value>
    [RegularExpression(@"([A-Za-z0-9._-]+:)?\d+", ErrorMessage = "expected a number, or a kind and a number such as a100:1")]
    public string Gpus { get; init; } = "";

    /// <summary>Gets the cores of a run.</summary>
    /// <value>1 or more; null, the default, for train.threads.</value>
    [Range(1, 100_000)]
    public int? Threads { get; init; }

    /// <summary>Gets how long before its time limit a run is told to save its progress and to end. Then it is queued again, and goes on.</summary>
    /// <value>Seconds, 1 to 65535; the default is 120. It must be longer than a step and the measurement of the dev set together.</value>
    [Range(1, 65_535)]
    public int Notice { get; init; } = 120;

    /// <summary>Gets further options of sbatch.</summary>
    /// <value>Such as --account=physics; none by default.</value>
    public IReadOnlyList<string> Directives { get; init; } = [];

    /// <summary>Gets lines of bash that are executed before a run.</summary>
    /// <value>Such as module load cuda; none by default.</value>
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>Refuses directives that are no options, and whatever would add a line to the script.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string directive in Directives.Where(directive => !directive.StartsWith('-') || directive.AsSpan().IndexOfAny('\n', '\r') >= 0))
        {
            string shown = directive.ReplaceLineEndings(" ");
            yield return new ValidationResult(
                $"a directive is '{shown}'; expected an option of sbatch, such as --account=physics", [nameof(Directives)]);
        }
    }
}


namespace Ctc.Configuration.Tests.Binding;

// Inside the namespace, so that its Range hides that of the test framework.
using System.ComponentModel.DataAnnotations;

internal enum Shape
{
    Square,
    WideOval,
}

internal sealed record LinesOptions
{
    [DataFile]
    public required string Train { get; init; }

    [DataFile]
    public string? Dev { get; init; }

    [DataFile]
    public IReadOnlyList<string> More { get; init; } = [];
}

internal sealed record SyntheticOptions
{
    public int Count { get; init; } = 100;
}

internal sealed record GrownOptions
{
    public int Count { get; init; } = 100;

    public double? Added { get; init; }
}

internal sealed record BilstmOptions
{
    [Range(1, 4096)]
    public int Hidden { get; init; } = 128;

    public int Layers { get; init; } = 2;
}

internal sealed record ConvOptions
{
    [Range(1, 99)]
    public IReadOnlyList<int> Channels { get; init; } = [8, 16];
}

internal sealed record StarOptions
{
    public Schedule Penalty { get; init; } = -1;

    public bool Learned { get; init; }
}

internal sealed record SmoothingOptions
{
    [Range(0.0, 1.0)]
    public Schedule Epsilon { get; init; } = 0.1;
}

internal sealed record FocalOptions
{
    [Range(0.0, 1.0)]
    public double Alpha { get; init; } = 0.25;

    [Range(0.0, 10.0)]
    public double Gamma { get; init; } = 0.5;
}

internal sealed record EverythingOptions
{
    public string Text { get; init; } = "plain";

    public string? NoText { get; init; }

    public bool Truth { get; init; }

    public int Whole { get; init; } = 1;

    public long Large { get; init; } = 2;

    public double Number { get; init; } = 0.1;

    public float Narrow { get; init; } = 0.1f;

    public double? NoNumber { get; init; }

    public Shape Shape { get; init; } = Shape.WideOval;

    public IReadOnlyList<double> Numbers { get; init; } = [];

    public IReadOnlyList<Shape> Shapes { get; init; } = [];

    public SmoothingOptions Inner { get; init; } = new();

    public SmoothingOptions? NoInner { get; init; }

    public int Sum => Whole + 1;
}

internal sealed record CheckedOptions : IValidatableObject
{
    private readonly int even;

    [Range(1, int.MaxValue)]
    public int Positive { get; init; } = 1;

    [Range(0, 1)]
    public double Share { get; init; }

    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Open { get; init; } = 0.5;

    [Range(int.MinValue, 0)]
    public long Negative { get; init; }

    [RegularExpression("[a-z]+")]
    public IReadOnlyList<string> Words { get; init; } = [];

    [Required]
    public string Title { get; init; } = "untitled";

    [MaxLength(2)]
    public IReadOnlyList<int> Pair { get; init; } = [];

    public int Low { get; init; }

    public int High { get; init; } = 9;

    public int Even
    {
        get => even;
        init => even = value % 2 == 0 ? value : throw new ArgumentException("expected an even number.");
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Low > High) yield return new ValidationResult($"low is {Low} and high is {High}; expected low to be at most high.");
        if (Low == 7) yield return new ValidationResult("low is 7; expected another number", [nameof(Low)]);
    }
}

internal sealed record PositionalOptions(int Size);

internal sealed record TimedOptions
{
    public TimeSpan Wait { get; init; }

    [Range(0.0, 0.5)]
    public Schedule Share { get; init; } = 0.1;
}

internal sealed record DecayOptions
{
    public double WeightDecay { get; init; }

    public double Beta1 { get; init; } = 0.9;
}

internal sealed record MomentumOptions
{
    public double WeightDecay { get; init; }

    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }
}

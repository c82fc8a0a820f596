namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>The options of <see cref="ArpaLanguageModel"/>.</summary>
public sealed record ArpaOptions
{
    /// <summary>Gets the file of the model, in the ARPA format, perhaps compressed with gzip.</summary>
    /// <value>A file, such as one that <c>ctc lm build</c> or KenLM writes; ~ is a model for which every unit has the log-probability 0.</value>
    [DataFile]
    public required string? File { get; init; }

    /// <summary>Gets what the units of the file are.</summary>
    /// <value>word, the default, or token: the symbols of the alphabet, where a space is <c>&lt;space&gt;</c>.</value>
    public LanguageUnit Unit { get; init; } = LanguageUnit.Word;
}

/// <summary>A back-off n-gram model of any order from an ARPA file.</summary>
/// <remarks>
/// A unit that the file does not have has the probability of its <c>&lt;unk&gt;</c>, or 0 if there is none. The names <c>&lt;s&gt;</c>,
/// <c>&lt;/s&gt;</c> and <c>&lt;unk&gt;</c> are no units of a text. Without <c>&lt;/s&gt;</c> the end costs nothing.
/// </remarks>
[Part(
    "arpa",
    typeof(ArpaOptions),
    Summary = "An n-gram model with back-off from an ARPA file, over tokens or words.",
    Formula = "p(w|h) = p(hw) if the file has hw, otherwise backoff(h) · p(w|h′)",
    Paper = "Katz, Estimation of probabilities from sparse data for the language model component of a speech recognizer, IEEE TASSP 35(3), 1987",
    Example = "file: ~")]
public sealed class ArpaLanguageModel : ILanguageModel
{
    private readonly NGramModel? model;

    /// <summary>Reads the file.</summary>
    /// <param name="options">File and units.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or is damaged; the message names the line.</exception>
    public ArpaLanguageModel(ArpaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Unit = options.Unit;
        model = options.File is { } file ? ArpaFile.Read(file) : null;
    }

    /// <inheritdoc/>
    public LanguageUnit Unit { get; }

    /// <inheritdoc/>
    public int Start => model?.Start ?? 0;

    /// <inheritdoc/>
    public int IndexOf(string unit) => model?.IndexOf(unit) ?? -1;

    /// <inheritdoc/>
    public double LogProbability(int state, int unit, out int after)
    {
        if (model is not null) return model.LogProbability(state, unit, out after);
        after = 0;
        return 0;
    }

    /// <inheritdoc/>
    public double LogProbabilityOfEnd(int state) => model?.LogProbabilityOfEnd(state) ?? 0;
}

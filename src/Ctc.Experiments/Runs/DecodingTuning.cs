using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Metrics;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Runs;

/// <summary>Finds the weight of a language model and the insertion bonus of a decoder on a set whose texts are known.</summary>
public sealed class DecodingTuning
{
    private readonly ObjectiveConfiguration configuration;
    private readonly PartChoice decoder;
    private readonly FusionOptions options;
    private readonly ITuningSet set;
    private readonly bool hasTopology; // is part of the choice

    /// <summary>Computes the model's output for the set, once.</summary>
    /// <param name="model">Its decoder is <c>prefix-beam</c>, of a transducer <c>transducer-beam</c>, with a language model.</param>
    /// <param name="utterances">Utterances with their texts.</param>
    /// <exception cref="InvalidDataException">There is another decoder, no language model, or no utterance with a text.</exception>
    public DecodingTuning(TrainedModel model, IReadOnlyList<Utterance> utterances)
        : this(
            (model ?? throw new ArgumentNullException(nameof(model))).Configuration,
            model.LanguageModel,
            (options, ofWords) => OfRun(model, utterances, ofWords ? options.Separator : null))
    {
        Unit = IsOfWords ? "word" : "token";
    }

    /// <summary>Takes outputs of another program.</summary>
    /// <param name="configuration">The parts that decode: <c>prefix-beam</c>, a language model, perhaps a topology.</param>
    /// <param name="reader">Decodes by these parts.</param>
    /// <param name="emissions">The outputs.</param>
    /// <param name="texts">Their texts.</param>
    /// <exception cref="InvalidDataException">There is another decoder, no language model, or no text of an output.</exception>
    public DecodingTuning(ObjectiveConfiguration configuration, EmissionDecoder reader, IReadOnlyList<Emission> emissions, EmissionTexts texts)
        : this(
            configuration ?? throw new ArgumentNullException(nameof(configuration)),
            (reader ?? throw new ArgumentNullException(nameof(reader))).LanguageModel,
            (_, ofWords) => new EmissionTuningSet(reader, [.. emissions.Select(emission => (emission, texts.Find(emission)))], ofWords))
    {
        (Unit, hasTopology) = (IsOfWords ? "word" : "character", true);
    }

    private DecodingTuning(ObjectiveConfiguration configuration, ILanguageModel? language, Func<FusionOptions, bool, ITuningSet> load)
    {
        this.configuration = configuration;
        decoder = configuration.Chosen.At<IDecoder>().Single();
        options = decoder.Options as FusionOptions ?? throw new InvalidDataException(
            $"The decoder is {decoder.Factory.Metadata.Name}, which has no weight of a language model; expected "
            + $"{(configuration.IsTransducer ? "transducer-beam" : "prefix-beam")}.");
        if (language is null)
        {
            throw new InvalidDataException(
                "There is no language model; expected one under language-model, as in language-model: { arpa: { file: x } }.");
        }

        IsOfWords = language.Unit == LanguageUnit.Word || options is PrefixBeamOptions { Lexicon: not null };
        Unit = "";
        set = load(options, IsOfWords);
        if (set.Count == 0) throw new InvalidDataException("The set has no utterance with a text; expected some to compare with.");
    }

    /// <summary>Gets of what errors are: word, token or character.</summary>
    public string Unit { get; }

    /// <summary>Gets the number of utterances with a text.</summary>
    public int Count => set.Count;

    // Because the language model is, or the lexicon.
    private bool IsOfWords { get; }

    /// <summary>Measures the error of a weight and a bonus.</summary>
    /// <param name="weight">The weight of the language model.</param>
    /// <param name="bonus">The insertion bonus, in nats.</param>
    /// <returns>The error rate.</returns>
    public double Measure(double weight, double bonus) => set.Measure((IDecoder)decoder.Factory.CreatePart(With(weight, bonus)));

    /// <summary>Writes decoder and language model with another weight and bonus.</summary>
    /// <param name="weight">The weight of the language model.</param>
    /// <param name="bonus">The insertion bonus, in nats.</param>
    /// <returns>YAML, as <see cref="DecodingChoice"/> parses it, with absolute paths.</returns>
    public string ToYaml(double weight, double bonus) =>
        DecodingChoice.ToYaml(configuration, decoder with { Options = With(weight, bonus) }, hasTopology);

    private FusionOptions With(double weight, double bonus) => options with { LanguageWeight = weight, InsertionBonus = bonus };

    private static RunTuningSet OfRun(TrainedModel model, IReadOnlyList<Utterance> utterances, string? separator)
    {
        IMetric metric = separator is null ? new TokenErrorRate() : new WordErrorRate(new WordErrorRateOptions { Separator = separator });
        return new RunTuningSet(model, [.. utterances.Where(utterance => utterance is { Target.Length: > 0, Frames: > 0 })], metric);
    }
}

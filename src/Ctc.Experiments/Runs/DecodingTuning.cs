using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;
using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Metrics;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Runs;

/// <summary>Finds the weight of a language model and the insertion bonus of a run's decoder on a set whose texts are known.</summary>
public sealed class DecodingTuning
{
    private const int BatchSize = 64;

    private readonly TrainedModel model;
    private readonly PartChoice decoder;
    private readonly PrefixBeamOptions options;
    private readonly IMetric metric;
    private readonly IReadOnlyList<Utterance> utterances;
    private readonly IReadOnlyList<float[]> logProbs;

    /// <summary>Computes the model's output for the set, once.</summary>
    /// <param name="model">Its decoder is <c>prefix-beam</c>, with a language model.</param>
    /// <param name="utterances">Utterances with their texts.</param>
    /// <exception cref="InvalidDataException">There is another decoder, no language model, or no utterance with a text.</exception>
    public DecodingTuning(TrainedModel model, IReadOnlyList<Utterance> utterances)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(utterances);
        this.model = model;
        if (model.Configuration.IsTransducer)
        {
            throw new InvalidDataException("The topology of the run is a transducer; expected one whose log-probabilities are of frames.");
        }

        decoder = model.Configuration.Chosen.At<IDecoder>().Single();
        options = decoder.Options as PrefixBeamOptions ?? throw new InvalidDataException(
            $"The decoder is {decoder.Factory.Metadata.Name}, which has no weight of a language model; expected prefix-beam.");
        ILanguageModel language = model.LanguageModel ?? throw new InvalidDataException(
            "There is no language model; expected one under language-model, as in language-model: { arpa: { file: x } }.");
        IsOfWords = language.Unit == LanguageUnit.Word;
        metric = IsOfWords ? new WordErrorRate(new WordErrorRateOptions { Separator = options.Separator }) : new TokenErrorRate();
        this.utterances = [.. utterances.Where(utterance => utterance is { Target.Length: > 0, Frames: > 0 })];
        if (this.utterances.Count == 0) throw new InvalidDataException("The set has no utterance with a text; expected some to compare with.");
        logProbs = [.. model.ReadLogProbs(this.utterances)];
    }

    /// <summary>Gets whether errors are of words, because the language model is; otherwise they are of tokens.</summary>
    public bool IsOfWords { get; }

    /// <summary>Gets the number of utterances with a text.</summary>
    public int Count => utterances.Count;

    /// <summary>Measures the error of a weight and a bonus.</summary>
    /// <param name="weight">The weight of the language model.</param>
    /// <param name="bonus">The insertion bonus, in nats.</param>
    /// <returns>The word or token error rate.</returns>
    public double Measure(double weight, double bonus)
    {
        var part = new PrefixBeamDecoder(options with { LanguageWeight = weight, InsertionBonus = bonus, Hypotheses = 1 });
        double amount = 0, total = 0;
        foreach (int[] chunk in Enumerable.Range(0, utterances.Count).Chunk(BatchSize))
        {
            IReadOnlyList<Hypothesis> read = model.Decode([.. chunk.Select(i => (utterances[i], logProbs[i]))], part);
            for (int b = 0; b < chunk.Length; b++)
            {
                MetricRatio ratio = metric.Measure(new DecodedUtterance(utterances[chunk[b]].Target, read[b].Tokens, model.Vocabulary.Alphabet!));
                (amount, total) = (amount + ratio.Amount, total + ratio.Total);
            }
        }

        return amount / Math.Max(total, 1);
    }

    /// <summary>Writes decoder and language model with another weight and bonus.</summary>
    /// <param name="weight">The weight of the language model.</param>
    /// <param name="bonus">The insertion bonus, in nats.</param>
    /// <returns>YAML, as <see cref="DecodingChoice"/> parses it, with absolute paths.</returns>
    public string ToYaml(double weight, double bonus)
    {
        PrefixBeamOptions found = options with { LanguageWeight = weight, InsertionBonus = bonus };
        return DecodingChoice.ToYaml(model.Configuration, decoder with { Options = found });
    }
}

using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Decoding;

/// <summary>Decodes outputs of other programs.</summary>
public sealed class EmissionDecoder : IDisposable
{
    private const int BatchSize = 16;

    private readonly Objective objective;
    private readonly Vocabulary vocabulary;

    /// <summary>Prepares topology, decoder and language model.</summary>
    /// <param name="configuration">The parts that decode.</param>
    /// <param name="tokens">The tokens of the outputs.</param>
    /// <exception cref="InvalidDataException">The topology is a transducer, or adds tokens.</exception>
    /// <exception cref="Ctc.Configuration.Yaml.ConfigurationException">The decoder does not fit the topology.</exception>
    public EmissionDecoder(ObjectiveConfiguration configuration, TokenList tokens) =>
        (objective, vocabulary) = EmissionObjective.Create(configuration, tokens);

    /// <summary>Decodes utterances, a few at a time.</summary>
    /// <param name="emissions">The outputs.</param>
    /// <param name="decoder">By default that of the objective.</param>
    /// <returns>Lazily, what is read in each, in their order.</returns>
    public IEnumerable<DecodedInput> Decode(IEnumerable<Emission> emissions, IDecoder? decoder = null) =>
        emissions.Chunk(BatchSize).SelectMany(some => DecodeBatch(some, decoder));

    /// <summary>Gets the language model that the decoder reads; null if there is none.</summary>
    internal ILanguageModel? LanguageModel => objective.LanguageModel;

    private IReadOnlyList<DecodedInput> DecodeBatch(Emission[] emissions, IDecoder? decoder)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        (Tensor logits, Batch batch) = EmissionBatch.Stack(emissions, emissions.Select(_ => Array.Empty<long>()), vocabulary);
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = objective.Decode(new EncoderOutput(logits), batch, decoder);
        return [.. emissions.Select((emission, b) => new DecodedInput(emission.Name, emission.Frames, read[b], vocabulary))];
    }

    /// <inheritdoc/>
    public void Dispose() => objective.Dispose();
}

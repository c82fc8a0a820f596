using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Decoding;

/// <summary>A batch of a transducer without its targets.</summary>
/// <param name="batch">Lengths and vocabulary.</param>
/// <param name="languageModel">The language model of the objective; null if there is none.</param>
/// <param name="utterances">B utterances. Each is read by one thread.</param>
internal sealed class TransducerReading(Batch batch, ILanguageModel? languageModel, IReadOnlyList<ITransducerModel<PredictionState>> utterances)
{
    /// <summary>Gets lengths and vocabulary.</summary>
    public Batch Batch => batch;

    /// <summary>Gets the language model of the objective; null if there is none.</summary>
    public ILanguageModel? LanguageModel => languageModel;

    /// <summary>Gets whether each frame emits one token or the blank.</summary>
    public bool IsMonotonic { get; init; }

    /// <summary>Decodes each utterance, several at once.</summary>
    /// <param name="decode">Decodes one; at least one hypothesis, the best first.</param>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Func<ITransducerModel<PredictionState>, IReadOnlyList<Hypothesis>> decode)
    {
        var read = new IReadOnlyList<Hypothesis>[utterances.Count];
        Workers.Share(read.Length, b => read[b] = decode(utterances[b]));
        return read;
    }
}

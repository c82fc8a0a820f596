using Ctc.Engine.Decoding;
using Ctc.Engine.Decoding.PrefixBeam;

namespace Ctc.Engine.Transducers;

/// <summary>Decodes a transducer by a beam over sequences of tokens, with language model and hot words; several utterances at once.</summary>
/// <remarks>
/// The scores are those of <see cref="TransducerDecoder"/>, sums over all alignments, and those of language model, bonus and hot words.
/// </remarks>
/// <param name="options">Width, weights, hot words.</param>
[Part(
    "transducer-beam",
    typeof(TransducerBeamOptions),
    Summary = "The most likely tokens of a transducer, summed over their alignments, with a language model and hot words: n best hypotheses.",
    Formula = "argmax_u ln p(u) + weight · ln P(u) + bonus · |u| + hot words",
    Paper = "Graves, Sequence Transduction with Recurrent Neural Networks, 2012, arXiv 1211.3711")]
public sealed class TransducerBeamDecoder(TransducerBeamOptions options) : IDecoder, ITransducerDecoder
{
    private Fusion? last; // keeps what it knows of the language model from batch to batch

    /// <summary>Throws: a transducer is decoded by its objective.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading) =>
        throw new NotSupportedException("The decoder transducer-beam reads a transducer, and the topology is none; expected prefix-beam.");

    /// <inheritdoc/>
    bool ITransducerDecoder.ReadsFrames => false;

    /// <inheritdoc/>
    IReadOnlyList<IReadOnlyList<Hypothesis>> ITransducerDecoder.Decode(TransducerReading reading)
    {
        Vocabulary vocabulary = reading.Batch.Vocabulary;
        Fusion fusion = last is { } known && known.IsOf(vocabulary, reading.LanguageModel)
            ? known
            : last = new Fusion(vocabulary, options, reading.LanguageModel);
        return reading.Decode(utterance =>
        {
            ISequenceScores? scores = fusion.IsNothing ? null : new FusedSequences(fusion);
            IReadOnlyList<Hypothesis> read =
                TransducerDecoder.Beam(utterance, options.Width, vocabulary.Blank!.Value, options.TokensPerFrame, scores, reading.IsMonotonic);
            return read.Count == 0 ? [new Hypothesis([], double.NegativeInfinity)] : [.. read.Take(options.Hypotheses)];
        });
    }

    private sealed class FusedSequences : ISequenceScores
    {
        private readonly Fusion fusion;
        private readonly PrefixTree tree = new();

        public FusedSequences(Fusion fusion)
        {
            this.fusion = fusion;
            fusion.Begin(ref tree[PrefixTree.Root]);
        }

        public int Start => PrefixTree.Root;

        public double Gain(int sequence, long token) => fusion.Gain(tree, sequence, (int)token);

        public int Extend(int sequence, long token)
        {
            int extended = tree.Find(sequence, (int)token);
            if (extended != PrefixTree.None) return extended;
            extended = tree.Add(sequence, (int)token, (int)token);
            fusion.Enter(tree, extended);
            return extended;
        }

        public double End(int sequence) => fusion.End(tree, sequence);
    }
}

using System.ComponentModel.DataAnnotations;
using Ctc.Engine.Decoding;
using Ctc.Engine.Decoding.PrefixBeam;

namespace Ctc.Engine.Transducers;

/// <summary>The options of <see cref="TransducerBeamDecoder"/>. Scores are in nats.</summary>
public sealed record TransducerBeamOptions : FusionOptions
{
    /// <summary>Gets the number of sequences that are kept after each frame.</summary>
    /// <value>1 to 100,000; the default is 8.</value>
    [Range(1, 100_000)]
    public int Width { get; init; } = 8;

    /// <summary>Gets the largest number of hypotheses of an utterance.</summary>
    /// <value>1 to 100,000; the default is 10. There are never more than the width.</value>
    [Range(1, 100_000)]
    public int Hypotheses { get; init; } = 10;

    /// <summary>Gets the largest number of tokens in a frame.</summary>
    /// <value>1 to 1000; the default is 10.</value>
    [Range(1, 1000)]
    public int TokensPerFrame { get; init; } = TransducerDecoder.DefaultTokensPerFrame;
}

namespace Ctc.Engine.Decoding;

/// <summary>Implemented beside <see cref="IDecoder"/> by a decoder that reads transducers.</summary>
internal interface ITransducerDecoder
{
    /// <summary>Gets whether it reads topologies of frames too.</summary>
    bool ReadsFrames { get; }

    /// <summary>Decodes a batch.</summary>
    /// <param name="reading">The utterances.</param>
    /// <returns>For each utterance at least one hypothesis, the best first.</returns>
    IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(TransducerReading reading);
}

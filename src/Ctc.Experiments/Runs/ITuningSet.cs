namespace Ctc.Experiments.Runs;

/// <summary>Outputs of a model whose texts are known, to be decoded again and again.</summary>
internal interface ITuningSet
{
    /// <summary>Gets the number of utterances.</summary>
    int Count { get; }

    /// <summary>Decodes all utterances and compares them with their texts.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <returns>The error rate of the set.</returns>
    double Measure(IDecoder decoder);
}

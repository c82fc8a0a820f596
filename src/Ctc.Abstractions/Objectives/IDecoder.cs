namespace Ctc;

/// <summary>Extension point: reads what a model's output says, without targets.</summary>
public interface IDecoder : IPart
{
    /// <summary>Decodes a batch.</summary>
    /// <param name="reading">The model's output, the lattice of every path, and what paths spell.</param>
    /// <returns>For each utterance at least one hypothesis, the best first.</returns>
    IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading);
}

namespace Ctc.Engine.Decoding;

/// <summary>Scores of sequences of tokens beside the model's output, such as those of a language model. For one utterance.</summary>
internal interface ISequenceScores
{
    /// <summary>Gets the empty sequence.</summary>
    int Start { get; }

    /// <summary>Returns what a token adds to the score of a sequence.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="token">The token.</param>
    double Gain(int sequence, long token);

    /// <summary>Returns a sequence with one more token.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="token">The token.</param>
    int Extend(int sequence, long token);

    /// <summary>Returns what the end adds to the score of a sequence.</summary>
    /// <param name="sequence">Its number.</param>
    double End(int sequence);
}

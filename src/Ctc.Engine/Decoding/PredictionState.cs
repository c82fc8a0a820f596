namespace Ctc.Engine.Decoding;

/// <summary>The state of the prediction network of a transducer after some tokens. It is never changed.</summary>
/// <param name="joined">J numbers that the joint network reads.</param>
/// <param name="hidden">H numbers, the output of the LSTM.</param>
/// <param name="cell">H numbers, its memory.</param>
internal sealed class PredictionState(double[] joined, double[] hidden, double[] cell)
{
    /// <summary>Gets J numbers that the joint network reads.</summary>
    public double[] Joined => joined;

    /// <summary>Gets H numbers, the output of the LSTM.</summary>
    public double[] Hidden => hidden;

    /// <summary>Gets H numbers, its memory.</summary>
    public double[] Cell => cell;
}

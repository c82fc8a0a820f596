namespace Ctc.Engine.Objectives;

/// <summary>The loss of one head of an objective for one batch, before its weight.</summary>
public sealed class HeadResult
{
    internal HeadResult(string name, double weight, Tensor loss, IReadOnlyList<int> infeasible, long counted) =>
        (Name, Weight, Loss, Infeasible, Counted) = (name, weight, loss, infeasible, counted);

    /// <summary>Gets the name of the head: that of its stream; the second head on one stream ends in -2.</summary>
    public string Name { get; }

    /// <summary>Gets the factor with which its loss is in that of the objective.</summary>
    public double Weight { get; }

    /// <summary>Gets the reduced loss of the head, without its weight and without gradient; [B] under the reduction none.</summary>
    public Tensor Loss { get; }

    /// <summary>Gets the positions of the utterances without alignment in the head, whose loss there is 0.</summary>
    public IReadOnlyList<int> Infeasible { get; }

    /// <summary>Gets the number that divides the sum in <see cref="Loss"/>, of utterances, tokens or frames of the head, as in the result.</summary>
    public long Counted { get; }
}

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The weighted scores of a language model.</summary>
/// <param name="options">Its weight, and the penalty of unknown units.</param>
/// <param name="model">The model.</param>
internal sealed class LanguageScore(FusionOptions options, ILanguageModel model)
{
    public int Start => model.Start;

    public int IndexOf(string unit) => model.IndexOf(unit);

    /// <summary>Returns what a unit adds.</summary>
    /// <param name="unit">Its number; −1 for one that the model does not know.</param>
    /// <param name="state">The state before it, which becomes that after it.</param>
    public double Of(int unit, ref int state)
    {
        double logProb = model.LogProbability(state, unit, out state);
        if (unit >= 0) return options.LanguageWeight * logProb;
        return (logProb == double.NegativeInfinity ? 0 : options.LanguageWeight * logProb) + options.UnknownPenalty;
    }

    public double OfEnd(int state) => options.LanguageWeight * model.LogProbabilityOfEnd(state);
}

using Ctc;

namespace NeedsMoreThanDeclared;

/// <summary>Reads the occupancy, which it did not declare.</summary>
[Part("undeclared", Summary = "Adds the frames of each utterance, out of an occupancy that it may not see.")]
internal sealed class Undeclared : IAuxiliaryTerm
{
    public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(evaluation.Occupancy.sum(2));
}

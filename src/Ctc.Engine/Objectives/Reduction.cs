namespace Ctc.Engine.Objectives;

/// <summary>
/// The reduction of the losses of a batch to one number. B counts the utterances, U_b the tokens of a target, N_b the frames of an utterance.
/// </summary>
/// <remarks>Under <see cref="InfeasiblePolicy.Drop"/> infeasible utterances leave every sum and every count.</remarks>
public enum Reduction
{
    /// <summary>B numbers.</summary>
    None,

    /// <summary>Σ_b loss_b.</summary>
    Sum,

    /// <summary>(1/B) Σ_b loss_b / max(U_b, 1): what torch's ctc_loss calls mean.</summary>
    Mean,

    /// <summary>(1/B) Σ_b loss_b.</summary>
    MeanUtterance,

    /// <summary>Σ_b loss_b / Σ_b U_b.</summary>
    MeanToken,

    /// <summary>Σ_b loss_b / Σ_b N_b.</summary>
    MeanFrame,
}

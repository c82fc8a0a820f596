namespace Ctc.Experiments.Losses;

/// <summary>Which implementation of the recursion answers.</summary>
internal enum RecursionChoice
{
    /// <summary>The fastest that can.</summary>
    Auto,

    /// <summary>The one made of torch operations.</summary>
    Differentiable,

    /// <summary>The one written by hand for the CPU.</summary>
    Fused,
}

using System.ComponentModel.DataAnnotations;
using Ctc;

namespace ReweightedCtc;

/// <summary>Options of <c>reweighting</c>.</summary>
public sealed record ReweightingOptions
{
    /// <summary>Gets the share of each frame's target that should go to tokens other than the blank. Read by the form fitting alone.</summary>
    /// <value>Unitless, between 0 and 1, or none; the default is 0.5, as in the authors' example. none leaves the shares alone.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? Balance { get; init; } = 0.5;

    /// <summary>Gets how strongly frames count in which the model is far from its target.</summary>
    /// <value>Unitless, 0 to 10; the default is 1, as in the authors' example. 0 counts all frames alike.</value>
    [Range(0.0, 10.0)]
    public Schedule KeyFrames { get; init; } = 1;

    /// <summary>Gets which version of the paper is meant.</summary>
    /// <value>The default is fitting.</value>
    public Form Form { get; init; } = Form.Fitting;
}

/// <summary>The versions of Li and Wang's re-weighting.</summary>
public enum Form
{
    /// <summary>The second: classes are balanced and key frames are stressed, by two independent options.</summary>
    Fitting,

    /// <summary>The first, by class: γ' = |p − γ|^g · γ, not renormalised.</summary>
    FocalClass,

    /// <summary>The first, by frame: ω_t = Σ_v |p − γ|^g / V, the paper's factor V divided out so that g = 0 is plain CTC.</summary>
    FocalFrame,
}

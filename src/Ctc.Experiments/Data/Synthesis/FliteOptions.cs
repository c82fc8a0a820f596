namespace Ctc.Experiments.Data.Synthesis;

/// <summary>The sentences that flite speaks, its voices, and their features.</summary>
public sealed record FliteOptions : SynthesisOptions
{
    /// <summary>Gets the voices, as <c>flite -lv</c> names them. Sentence k of a set has voice k modulo their number.</summary>
    /// <value>The default is rms, awb, slt. Times of kal and kal16 are wrong: their labels run 0.11 s past the sound.</value>
    public IReadOnlyList<string> Voices { get; init; } = ["rms", "awb", "slt"];

    /// <summary>Gets the phone that targets do not have, although it is spoken: pau, so that pauses are not written.</summary>
    /// <value>A name of a phone; ~, the default: targets have all phones.</value>
    public string? LeaveOut { get; init; }

    /// <inheritdoc/>
    internal override string? Unwritten => LeaveOut;

    /// <inheritdoc/>
    internal override IReadOnlyList<string> AllVoices => Voices;
}

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>The sentences that espeak-ng speaks, its voices, and their features.</summary>
public sealed record EspeakOptions : SynthesisOptions
{
    /// <summary>
    /// Gets the voices: a language of <c>espeak-ng --voices</c>, perhaps with a variant of <c>espeak-ng --voices=variant</c>. Sentence k of a set has
    /// voice k modulo their number.
    /// </summary>
    /// <value>The default is en-us, en-us+f2, en-us+m3.</value>
    public IReadOnlyList<string> Voices { get; init; } = ["en-us", "en-us+f2", "en-us+m3"];

    /// <inheritdoc/>
    internal override IReadOnlyList<string> AllVoices => Voices;
}

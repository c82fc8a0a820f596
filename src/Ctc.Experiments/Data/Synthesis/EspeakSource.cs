using Ctc.Experiments.Data.Cache;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>Sentences that espeak-ng speaks.</summary>
[Part("espeak", typeof(EspeakOptions),
    Summary = "Sentences of a file, spoken by the library of espeak-ng; the targets are its phones with their true times. Reads sound.")]
internal sealed class EspeakSource(EspeakOptions options, FeatureCache? cache = null) : SynthesisSource(options, new Espeak(), cache);

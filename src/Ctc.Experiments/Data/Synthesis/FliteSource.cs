using Ctc.Experiments.Data.Cache;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>Sentences that flite speaks.</summary>
[Part("flite", typeof(FliteOptions),
    Summary = "Sentences of a file, spoken by flite; the targets are its phones with their true times. Reads sound.",
    Paper = "Black and Lenzo, Flite: a small fast run-time synthesis engine, SSW4, 2001")]
internal sealed class FliteSource(FliteOptions options, FeatureCache? cache = null) : SynthesisSource(options, new Flite(), cache);

namespace Ctc.Configuration.Schema;

/// <summary>What of an experiment is used to read new inputs, beside data source, encoder, topology, decoder and language model.</summary>
[Flags]
public enum ReadingParts
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The emission transforms, to apply them before decoding.</summary>
    EmissionTransforms = 1,

    /// <summary>The metrics, to measure by them; otherwise they are those of an experiment that names none.</summary>
    Metrics = 2,

    /// <summary>What aligns: the heads if one of them does, else emission and lattice transforms.</summary>
    Alignment = 4,
}

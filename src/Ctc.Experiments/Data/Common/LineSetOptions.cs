using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data.Common;

/// <summary>Lines of symbols that are put side by side: the frequencies of the symbols, and the gaps between them.</summary>
public abstract record LineSetOptions : DrawnSetOptions
{
    /// <summary>
    /// Gets the exponent of the frequencies of the symbols. Train and dev lines hold the symbol of rank r, the first having rank 1, with a
    /// probability in proportion to r^−zipf. In test lines all symbols are equally likely, so that rare ones are measured as well as frequent ones.
    /// </summary>
    /// <value>The exponent of Zipf's law, 0 to 5; by default none, every symbol equally likely, as at 0. Natural text is near 1.</value>
    [Range(0.0, 5.0)]
    public double? Zipf { get; init; }

    /// <summary>Gets the widest gap between two symbols, and the widest margin; every width from 0 is equally likely.</summary>
    /// <value>In columns; the default is 3. At 0 all symbols touch.</value>
    [Range(0, 100)]
    public int MaxGap { get; init; } = 3;
}

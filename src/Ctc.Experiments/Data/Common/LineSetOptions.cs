using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data.Common;

/// <summary>The number of lines, the frequencies of their symbols, and their difficulty.</summary>
public abstract record LineSetOptions
{
    /// <summary>Gets the number of training lines.</summary>
    /// <value>1 or more; the default is 1500.</value>
    [Range(1, 1_000_000)]
    public int TrainLines { get; init; } = 1500;

    /// <summary>Gets the number of dev lines, by which the best epoch is chosen.</summary>
    /// <value>1 or more; the default is 200.</value>
    [Range(1, 1_000_000)]
    public int DevLines { get; init; } = 200;

    /// <summary>Gets the number of test lines.</summary>
    /// <value>1 or more; the default is 400.</value>
    [Range(1, 1_000_000)]
    public int TestLines { get; init; } = 400;

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

    /// <summary>Gets the darkness of the ink of the palest line; the others are distributed evenly between it and the darkest, 1.</summary>
    /// <value>0.1 to 1; the default is 0.7. At 1 all lines are equally dark.</value>
    [Range(0.1, 1.0)]
    public double MinInk { get; init; } = 0.7;

    /// <summary>Gets the standard deviation of the grey noise on every pixel.</summary>
    /// <value>Grey runs from 0, paper, to 1, ink; the default is 0.07. At 0 there is no noise.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.07;

    /// <summary>Gets the seed of all random choices.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }
}

using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the symbols, each of one character.</summary>
    /// <value>At least two; the default is the digits.</value>
    [MinLength(2)]
    public string Symbols { get; init; } = "0123456789";

    /// <summary>Gets the probability that a symbol follows itself.</summary>
    /// <value>0 to 1; the default is 0.02.</value>
    [Range(0.0, 1.0)]
    public double Repeat { get; init; } = 0.02;
}

/// <summary>A language model of symbols that seldom repeat.</summary>
[Part(
    "my-part",
    typeof(MyPartOptions),
    Summary = "Symbols that follow themselves with a given probability, and each other symbol equally often.",
    Formula = "P(u | before) = repeat if u is the symbol before, (1 − repeat) / (n − 1) otherwise")]
internal sealed class MyPart(MyPartOptions options) : ILanguageModel
{
    public LanguageUnit Unit => LanguageUnit.Token;

    public int Start => 0; // a state is the symbol before, counted from 1

    public int IndexOf(string unit) => unit.Length == 1 ? options.Symbols.IndexOf(unit[0]) : -1;

    public double LogProbability(int state, int unit, out int next)
    {
        next = unit + 1;
        double each = state == 0 ? 1.0 / options.Symbols.Length : (1 - options.Repeat) / (options.Symbols.Length - 1);
        return Math.Log(state != 0 && next == state ? options.Repeat : each);
    }

    public double LogProbabilityOfEnd(int state) => 0; // a sentence may end anywhere
}

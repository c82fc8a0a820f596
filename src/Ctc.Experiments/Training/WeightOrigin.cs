using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Training;

/// <summary>The weights that a training started from, and what was copied of them.</summary>
/// <param name="File">The file with the weights.</param>
/// <param name="Weights">The number of tensors.</param>
/// <param name="Tokens">The number of tokens whose weights were copied by symbol, the blank included.</param>
/// <param name="New">The symbols of the tokens with new weights.</param>
/// <param name="LeftOut">The symbols whose weights were not needed.</param>
public sealed record WeightOrigin(string File, int Weights, int Tokens, IReadOnlyList<string> New, IReadOnlyList<string> LeftOut)
{
    private const int MostNamed = 8;

    /// <summary>Describes it in one line.</summary>
    /// <returns>A sentence for the user.</returns>
    public string Describe() =>
        $"Starts from {Printable.Line(File)}: {Weights} weights, of {Tokens} tokens by symbol; {Named("new", New)}, {Named("left out", LeftOut)}.";

    private static string Named(string what, IReadOnlyList<string> symbols)
    {
        if (symbols.Count == 0) return $"{what}: none";
        string more = symbols.Count > MostNamed ? $" and {symbols.Count - MostNamed} more" : "";
        return $"{what}: {string.Join(' ', symbols.Take(MostNamed).Select(symbol => Printable.Line(symbol)))}{more}";
    }
}

namespace Ctc;

/// <summary>A token that a topology adds to the vocabulary: a gram of several symbols, or a symbol for repetition.</summary>
/// <param name="name">Its name in messages, reports and pictures.</param>
/// <param name="spelling">The tokens of the targets that it spells; empty if that depends on its neighbours on the path.</param>
public sealed class AddedToken(string name, IReadOnlyList<long> spelling)
{
    /// <summary>Gets the name in messages, reports and pictures.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the tokens of the targets that it spells; empty if that depends on its neighbours on the path.</summary>
    public IReadOnlyList<long> Spelling { get; } = [.. spelling];
}

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The manifests of a data source, and how sets that are not given are drawn.</summary>
/// <param name="Train">The manifest to learn from.</param>
/// <param name="Dev">That by which the best epoch is chosen; null if it is drawn.</param>
/// <param name="Test">That for the measurement; null if it is drawn.</param>
internal sealed record SetFiles(string Train, string? Dev, string? Test)
{
    /// <summary>Gets what an input is, in messages.</summary>
    public required string Noun { get; init; }

    /// <summary>Gets what stays together when lines are set apart.</summary>
    public required SplitUnit SplitBy { get; init; }

    /// <summary>Gets the seed that determines which lines are set apart.</summary>
    public required int Seed { get; init; }

    /// <summary>Gets whether the symbols of dev and test are in the alphabet.</summary>
    public required bool HasAllSymbols { get; init; }

    /// <summary>Gets whether parts of one file may be in two sets, if they are not the same part.</summary>
    public bool MayShareFiles { get; init; }
}

namespace Ctc.Testing.Conformance;

/// <summary>The result of one check of one part.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Message">What was found and what was expected; may be empty.</param>
public sealed record CheckResult(string Check, Outcome Outcome, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message.Length == 0 ? Check : $"{Check}: {Message}";
}

/// <summary>The outcome of a check.</summary>
public enum Outcome
{
    /// <summary>The part satisfies the check, or the check is a measurement without limit.</summary>
    Passed,

    /// <summary>No result is wrong, but something should be improved.</summary>
    Warned,

    /// <summary>The check does not apply to the part; the message gives the reason.</summary>
    Skipped,

    /// <summary>The part does not satisfy the check.</summary>
    Failed,
}

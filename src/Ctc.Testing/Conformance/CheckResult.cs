namespace Ctc.Testing.Conformance;

/// <summary>What one check says of one part.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">What was found and what was expected; empty where there is nothing to say.</param>
public sealed record CheckResult(string Check, Outcome Outcome, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message.Length == 0 ? Check : $"{Check}: {Message}";
}

/// <summary>How a check ended.</summary>
public enum Outcome
{
    /// <summary>The part keeps what it promises, or what was measured has no limit.</summary>
    Passed,

    /// <summary>Nothing is wrong that a result could show, and something can be better.</summary>
    Warned,

    /// <summary>The check does not fit the part, and the message says why.</summary>
    Skipped,

    /// <summary>The part breaks a promise.</summary>
    Failed,
}

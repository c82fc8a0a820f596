namespace Ctc.Testing.Conformance;

/// <summary>One thing that a part promises.</summary>
/// <param name="Name">One of <see cref="PartConformance.Names"/>.</param>
/// <param name="Run">Says how it ended.</param>
internal sealed record Check(string Name, Func<Verdict> Run)
{
    /// <summary>Gets a value indicating whether the checks after it make no sense once it has failed.</summary>
    public bool IsGate { get; init; }
}

/// <summary>How a check ended, before it has a name.</summary>
internal sealed record Verdict(Outcome Outcome, string Message)
{
    public static Verdict Pass(string message = "") => new(Outcome.Passed, message);

    public static Verdict Warn(string message) => new(Outcome.Warned, message);

    public static Verdict Skip(string message) => new(Outcome.Skipped, message);

    public static Verdict Fail(string message) => new(Outcome.Failed, message);

    /// <summary>Failed with a fault, passed without.</summary>
    public static Verdict Of(string? fault) => fault is null ? Pass() : Fail(fault);

    public CheckResult Named(string check) => new(check, Outcome, Message);
}

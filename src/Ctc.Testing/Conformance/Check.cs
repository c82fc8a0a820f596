namespace Ctc.Testing.Conformance;

/// <summary>One property that a part must have.</summary>
/// <param name="Name">One of <see cref="PartConformance.Names"/>.</param>
/// <param name="Run">Runs the check and returns its verdict.</param>
internal sealed record Check(string Name, Func<Verdict> Run)
{
    /// <summary>Gets a value indicating whether later checks are skipped if this one fails.</summary>
    public bool IsGate { get; init; }
}

/// <summary>The outcome of a check, without its name.</summary>
internal sealed record Verdict(Outcome Outcome, string Message)
{
    public static Verdict Pass(string message = "") => new(Outcome.Passed, message);

    public static Verdict Warn(string message) => new(Outcome.Warned, message);

    public static Verdict Skip(string message) => new(Outcome.Skipped, message);

    public static Verdict Fail(string message) => new(Outcome.Failed, message);

    /// <summary>Fails with a fault, passes if it is null.</summary>
    public static Verdict FromFault(string? fault) => fault is null ? Pass() : Fail(fault);

    public CheckResult Named(string check) => new(check, Outcome, Message);
}

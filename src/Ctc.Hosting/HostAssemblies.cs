namespace Ctc.Hosting;

/// <summary>The assemblies of a host besides the contract. They may change in any version, so a plugin must not use them or a copy.</summary>
internal static class HostAssemblies
{
    /// <summary>Gets their names. The build of a plugin rejects the same names: buildTransitive/Ctc.Abstractions.targets.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Ctc.Comparisons", "Ctc.Configuration", "Ctc.Engine", "Ctc.Experiments", "Ctc.Hosting", "Ctc.Testing", "Ctc.Testing.NUnit", "ctc",
    ];
}

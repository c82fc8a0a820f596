namespace Ctc.Testing.Conformance;

/// <summary>Checks of launchers without a scheduler: what they would hand over names the tasks, is the same each time, and writes nothing.</summary>
internal static class LauncherChecks
{
    private const string Program = "/opt/a program/ctc";

    /// <summary>Composes what would be handed over.</summary>
    public static void Use(Setting setting) => Describe(setting);

    public static string? Values(Setting setting) =>
        Describe(setting) is not { } text ? null
        : string.IsNullOrWhiteSpace(text) ? "what it would hand over is empty; expected a text such as a script"
        : new[] { Program, Folder }.FirstOrDefault(path => !text.Contains(path, StringComparison.Ordinal)) is { } missing
            ? $"what it would hand over does not name {missing}, the program or the folder of the orders; expected both"
        : null;

    public static string? Repeat(Setting setting) =>
        Describe(setting) == Describe(setting) ? null : "for the same tasks it would hand over another text; expected the same";

    public static string? Writes(Setting setting)
    {
        Describe(setting);
        return Directory.Exists(Folder) ? $"composing the text creates {Folder}; expected that nothing is written before the job is submitted" : null;
    }

    private static string Folder { get; } = Path.Combine(Path.GetTempPath(), $"ctc check {Guid.NewGuid():n}", "jobs", "1");

    // Null if the options are for tasks of another kind.
    private static string? Describe(Setting setting)
    {
        try
        {
            var part = (ILauncher)setting.Factory.CreatePart(setting.Options);
            return part.Describe(new JobArray("check", Folder, [Program, "sweep-run", "--order"], count: 3) { Threads = 2, Parallel = 2 });
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}

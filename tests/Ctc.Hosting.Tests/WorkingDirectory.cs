namespace Ctc.Hosting.Tests;

/// <summary>Makes a new folder the working directory until disposed.</summary>
internal sealed class WorkingDirectory : IDisposable
{
    private readonly string before = Directory.GetCurrentDirectory();

    public WorkingDirectory() => Directory.SetCurrentDirectory(Path);

    public string Path { get; } = Directory.CreateTempSubdirectory("ctc-working-").FullName;

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        Directory.Delete(Path, recursive: true);
    }
}

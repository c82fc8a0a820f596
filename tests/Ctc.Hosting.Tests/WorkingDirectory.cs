namespace Ctc.Hosting.Tests;

/// <summary>Makes a new folder the working directory until disposed.</summary>
internal sealed class WorkingDirectory : IDisposable
{
    private readonly string before = Directory.GetCurrentDirectory();

    /// <param name="below">The name of a folder in the new one to use instead of it.</param>
    public WorkingDirectory(string below = "") =>
        Directory.SetCurrentDirectory(Directory.CreateDirectory(System.IO.Path.Combine(Path, below)).FullName);

    public string Path { get; } = Directory.CreateTempSubdirectory("ctc-working-").FullName;

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        Directory.Delete(Path, recursive: true);
    }
}

namespace Ctc.Experiments.Files;

/// <summary>A folder held by one process: an operating-system lock on a file in it, which dies with the process.</summary>
public static class FolderLock
{
    /// <summary>The file that is locked.</summary>
    public const string FileName = "lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes hold of a folder.</summary>
    /// <param name="path">An existing folder.</param>
    /// <param name="patience">How long to wait for a process that holds it.</param>
    /// <returns>Held until it is disposed.</returns>
    /// <exception cref="RunFolderException">Another process holds it still, or it cannot be written to.</exception>
    public static FileStream Hold(string path, TimeSpan patience = default)
    {
        DateTime last = DateTime.UtcNow + patience;
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(path, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < last)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException)
            {
                throw new RunFolderException($"{path} is held by another process; expected it to have ended.");
            }
            catch (UnauthorizedAccessException)
            {
                throw new RunFolderException($"{path} cannot be written to; expected a folder of your own.");
            }
        }
    }
}

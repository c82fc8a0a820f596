namespace Ctc.Experiments.Files;

/// <summary>A folder held by one process: an operating-system lock on a file in it, which dies with the process.</summary>
public static class FolderLock
{
    /// <summary>The file that is locked.</summary>
    public const string FileName = "lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // The error codes of a file that another process has locked.
    private static readonly int[] Held =
        OperatingSystem.IsWindows() ? [unchecked((int)0x80070020), unchecked((int)0x80070021)] // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        : OperatingSystem.IsLinux() ? [11] // EWOULDBLOCK
        : [35]; // EWOULDBLOCK on macOS and BSD

    /// <summary>Takes hold of a folder.</summary>
    /// <param name="path">The folder; created if missing.</param>
    /// <param name="patience">How long to wait for a process that holds it.</param>
    /// <returns>Held until it is disposed.</returns>
    /// <exception cref="RunFolderException">Another process still holds it.</exception>
    /// <exception cref="IOException">It cannot be created or written to: it is read-only, belongs to another user, or the disk is full.</exception>
    public static FileStream Hold(string path, TimeSpan patience = default)
    {
        DateTime last = DateTime.UtcNow + patience;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(path);
                return new FileStream(Path.Combine(path, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException failure) when (IsHeld(failure) && DateTime.UtcNow < last)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException failure) when (IsHeld(failure))
            {
                throw new RunFolderException($"{path} is held by another process; expected it to have ended.");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                string cause = failure.Message.TrimEnd('.');
                throw new IOException($"{path} cannot be written to: {cause}; expected a folder with write access and space.", failure);
            }
        }
    }

    /// <summary>Whether a process holds a folder. Nothing is written or kept locked.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>False too if it cannot be told, as where the file of the lock cannot be read.</returns>
    public static bool IsHeld(string path)
    {
        string file = Path.Combine(path, FileName);
        try
        {
            // A shared lock: processes that only look do not see each other.
            if (File.Exists(file)) new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (IOException failure)
        {
            return IsHeld(failure);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsHeld(IOException failure) => Held.Contains(failure.HResult);
}

using System.Text;

namespace Ctc.Hosting;

/// <summary>Whether a plugin that was not loaded may have a part, by its bytes: the name of a part is text in the metadata.</summary>
internal static class PartMention
{
    /// <summary>Searches a DLL for the name of a part. Nothing of it is run.</summary>
    /// <param name="path">A DLL or a folder.</param>
    /// <param name="name">The name of a part.</param>
    /// <returns>False if the file can be read and lacks the name; true otherwise, also for a folder.</returns>
    public static bool IsPossible(string path, string name)
    {
        try
        {
            return !File.Exists(path) || RegularFile.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}

namespace Ctc.Hosting;

/// <summary>Reads files of unknown origin. Reading a pipe or a device in their place could block forever.</summary>
internal static class RegularFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">An existing file.</param>
    /// <returns>Its bytes; none if it is empty, a pipe or a device, which is not opened.</returns>
    public static byte[] ReadAllBytes(string path) => IsHollow(path) ? [] : File.ReadAllBytes(path);

    /// <summary>Whether an existing file has no length: it is empty, or not a regular file.</summary>
    /// <param name="path">An existing file, or a link to one.</param>
    public static bool IsHollow(string path)
    {
        var file = new FileInfo(path);
        return ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length == 0;
    }
}

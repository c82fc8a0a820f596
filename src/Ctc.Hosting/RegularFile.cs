namespace Ctc.Hosting;

/// <summary>Reads files that strangers lay down. A pipe or a device in place of one would keep its reader waiting for ever.</summary>
internal static class RegularFile
{
    /// <summary>All of a file.</summary>
    /// <param name="path">An existing file.</param>
    /// <returns>Its bytes; none where it is empty, a pipe or a device, which is then not opened.</returns>
    public static byte[] Read(string path) => IsHollow(path) ? [] : File.ReadAllBytes(path);

    /// <summary>Whether an existing file has no length: it is empty, or not a regular file.</summary>
    /// <param name="path">An existing file, or a link to one.</param>
    public static bool IsHollow(string path)
    {
        var file = new FileInfo(path);
        return ((FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length == 0;
    }
}

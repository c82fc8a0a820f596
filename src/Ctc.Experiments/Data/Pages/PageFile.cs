using System.Xml;
using System.Xml.Linq;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Pages;

/// <summary>Reads descriptions of pages: PAGE-XML and ALTO, in all their versions.</summary>
internal static class PageFile
{
    private const string AnyPage = "http://schema.primaresearch.org/PAGE/gts/pagecontent/";
    private const string AnyAlto = "http://www.loc.gov/standards/alto/";
    private const string FirstAlto = "http://schema.ccs-gmbh.com/ALTO"; // of version 1

    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    /// <summary>Whether a file is XML: no other list of lines begins with an angle bracket.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static bool IsXml(string file)
    {
        Span<byte> start = stackalloc byte[64];
        using FileStream content = Open(file);
        int read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> marks = [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0, .. " \t\r\n"u8]; // of UTF-8 and UTF-16
        return start[..read].TrimStart(marks) is [(byte)'<', ..];
    }

    /// <summary>Reads the pages of a file.</summary>
    /// <param name="file">XML.</param>
    /// <returns>Its pages; null if it is XML of another kind.</returns>
    /// <exception cref="InvalidDataException">The file is not well-formed, or a line has no valid region.</exception>
    public static IReadOnlyList<Page>? Load(string file)
    {
        XElement root = Root(file);
        string kind = root.Name.NamespaceName;
        return root.Name.LocalName switch
        {
            "PcGts" when kind.StartsWith(AnyPage, StringComparison.Ordinal) => [new PageXml(file, root).Parse()],
            "alto" when kind is "" or FirstAlto || kind.StartsWith(AnyAlto, StringComparison.Ordinal) => new Alto(file, root).Parse(),
            _ => null,
        };
    }

    private static XElement Root(string file)
    {
        try
        {
            using FileStream content = Open(file);
            using var reader = XmlReader.Create(content, Safe);
            return XElement.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace);
        }
        catch (XmlException broken)
        {
            string cause = broken.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new InvalidDataException($"{file}:{Math.Max(1, broken.LineNumber)}: {cause}; expected well-formed XML, PAGE-XML or ALTO.", broken);
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception failure) when (Unreadable.Is(failure))
        {
            throw Unreadable.File(file, failure);
        }
    }
}

namespace Ctc.Experiments.TimedTexts;

/// <summary>A form of files of texts with times. A new one is a line here, and a file beside this one.</summary>
public sealed class TimedTextForm
{
    private readonly Func<TimedText, TimedTextUnit?, string> format;

    private TimedTextForm(string name, string extension, bool isOfLines, Func<TimedText, TimedTextUnit?, string> format) =>
        (Name, Extension, IsOfLines, this.format) = (name, extension, isOfLines, format);

    /// <summary>Gets all forms.</summary>
    public static IReadOnlyList<TimedTextForm> All { get; } =
    [
        new("textgrid", ".TextGrid", isOfLines: false, (text, _) => TextGrid.Format(text)),
        new("ctm", ".ctm", isOfLines: true, (text, unit) => Ctm.Format(text.Name, text.Of(unit))),
        new("srt", ".srt", isOfLines: false, (text, unit) => Srt.Format(text.Of(unit))),
        new("audacity", ".txt", isOfLines: false, (text, unit) => AudacityLabels.Format(text.Of(unit))),
    ];

    /// <summary>Gets the name, in lower case.</summary>
    public string Name { get; }

    /// <summary>Gets the ending of its files, with the dot.</summary>
    public string Extension { get; }

    /// <summary>Gets whether the texts of several recordings, one after the other, are a text of the form too.</summary>
    public bool IsOfLines { get; }

    /// <summary>Writes a text in the form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unit">The parts to write; null for words if they are known. A TextGrid has tokens and words.</param>
    /// <returns>The content of a file in UTF-8.</returns>
    /// <exception cref="InvalidDataException">The unit is not known of the text.</exception>
    public string Format(TimedText text, TimedTextUnit? unit)
    {
        ArgumentNullException.ThrowIfNull(text);
        return format(text, unit);
    }
}

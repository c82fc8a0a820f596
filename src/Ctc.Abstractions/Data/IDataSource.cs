namespace Ctc;

/// <summary>Extension point: a source of utterances.</summary>
public interface IDataSource : IPart
{
    /// <summary>Loads or generates all utterances. Deterministic: the same options return the same utterances.</summary>
    /// <returns>Three disjoint sets.</returns>
    /// <exception cref="InvalidDataException">A file is invalid; the message names it, the place, what was found and what was expected.</exception>
    Dataset Load();

    /// <summary>The files that are read in addition to those named in the options. Their content is part of a run's identity.</summary>
    /// <returns>Paths, in an order that depends only on the options' files; none by default.</returns>
    /// <exception cref="InvalidDataException">As from <see cref="Load"/>.</exception>
    IReadOnlyList<string> DataFiles() => [];

    /// <summary>Reads one new input without a target, with the same preprocessing as <see cref="Load"/>.</summary>
    /// <param name="file">A path.</param>
    /// <returns>An utterance with an empty target.</returns>
    /// <exception cref="InvalidDataException">The file is not a valid input; the message names the cause.</exception>
    Utterance Read(string file);

    /// <summary>Saves an utterance as an input file for <see cref="Read"/>, if the source has such a format.</summary>
    /// <param name="utterance">An utterance of the data set.</param>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The file, named after the utterance; null, the default, if there is no such format.</returns>
    string? Write(Utterance utterance, string folder) => null;

    /// <summary>Joins the symbols of a reading to text. A source whose targets are in another order than text puts them into that of text.</summary>
    /// <param name="symbols">The symbols of a target or of decoded tokens, in the order of the frames.</param>
    /// <returns>Text in logical order; by default the symbols joined in their order.</returns>
    string ToText(IReadOnlyList<string> symbols) => string.Concat(symbols);
}

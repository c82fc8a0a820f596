namespace Ctc;

/// <summary>Extension point: other utterances or targets in the place of those that a data source returns.</summary>
/// <remarks>
/// Dev and test are for measuring: a transform leaves them as they are unless an option says otherwise. It reads no features, which may be
/// many: <see cref="Utterance.WithTarget"/> keeps them unread.
/// </remarks>
public interface IDataTransform : IPart
{
    /// <summary>Transforms a data set, before the first step of a run.</summary>
    /// <param name="data">The data set; a transform changes neither it nor its arrays.</param>
    /// <param name="seed">The seed of the run. The same data and seed give the same utterances.</param>
    /// <returns>A data set with the same alphabet and feature size.</returns>
    /// <exception cref="InvalidDataException">The data does not fit the transform; the message names what was found and expected.</exception>
    Dataset Transform(Dataset data, long seed);
}
